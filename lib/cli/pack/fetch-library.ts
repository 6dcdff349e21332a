import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { type Command, endInWords } from '../../plugin-process/spawn-process.js'
import { type CliError, failure } from '../cli-error.js'
import { inTemporaryFolder } from './files.js'

/** How long npm may take for 4 MB, in milliseconds. */
const TIMEOUT = 600_000

/** How many characters of the output of npm an error has. */
const MAX_OUTPUT = 1_000

/** Fetches the native library of a package, which need not be for this system, with npm. */
export const fetchLibrary = (name: string): TaskEither<CliError, Buffer> =>
  inTemporaryFolder(async folder => {
    const commands: ReadonlyArray<Command> = [
      ['npm', 'pack', name, '--pack-destination', folder, '--loglevel=error'],
      ['sh', '-c', 'tar -xzf "$1"/*.tgz -C "$1"', 'sh', folder],
    ]
    for (const command of commands) {
      const ran = await runProcess(command, { timeout: TIMEOUT })
      if (ran.code !== 0) {
        const output = ran.stderr.slice(-MAX_OUTPUT).trim()
        return E.left(
          failure(
            `${name} is not installed and cannot be fetched: ${command[0]}: ${endInWords(ran)}\n${output}`,
            `Solve that, or install it: npm install --no-save --force ${name}`,
          ),
        )
      }
    }
    return E.right(await readFile(join(folder, 'package', 'index.node')))
  })
