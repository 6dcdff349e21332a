import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { endInWords } from '../../plugin-process/spawn-process.js'
import { type CliError, failure } from '../cli-error.js'

/** How many characters of npm's output an error has. */
const MAX_OUTPUT = 2_000

const INSTALL = ['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'] as const

/** An hour, in milliseconds. */
const TIMEOUT = 3_600_000

/** Runs `npm install` in a project. Left with the end of npm's output. */
export const npmInstall =
  (folder: string): TaskEither<CliError, void> =>
  async () => {
    const ran = await runProcess(INSTALL, { cwd: folder, timeout: TIMEOUT })
    const output = `${ran.stdout}${ran.stderr}`.slice(-MAX_OUTPUT).trim()
    return ran.code === 0
      ? E.right(undefined)
      : E.left(
          failure(
            'the project was written, but its dependencies are not installed: npm install: ' +
              `${endInWords(ran)}\n${output}`,
            `Solve that, then run npm install in ${folder}`,
          ),
        )
  }
