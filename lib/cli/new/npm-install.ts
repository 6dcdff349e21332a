import { spawn } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'

/** How much of what npm writes is kept for an error, in characters. */
const MOST_KEPT = 2_000

/** Runs `npm install` in a project. Left with the end of what npm wrote. */
export const npmInstall =
  (folder: string): TaskEither<CliError, void> =>
  () =>
    new Promise(resolve => {
      const failed = (reason: string): void =>
        resolve(
          E.left(
            failure(
              `the project is there, and its dependencies are not: ${reason}`,
              `Run npm install in ${folder} when that is mended.`,
            ),
          ),
        )
      const child = spawn('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let written = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          written = (written + text).slice(-MOST_KEPT)
        })
      }
      child.once('error', error => failed(`npm cannot be started: ${error.message}`))
      child.once('close', (code, signal) =>
        code === 0
          ? resolve(E.right(undefined))
          : failed(`npm install ended with ${signal ?? `exit code ${code}`}\n${written.trim()}`),
      )
    })
