import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { PluginDescription } from '../../domain/plugin-description.js'
import { type AskFailure, askFailureText, askPlugin } from '../../plugin-process/ask-plugin.js'
import { descriptionOf } from '../../plugin-process/description.js'
import { type CliError, failure } from '../cli-error.js'

/** What a plugin says about itself. */
export interface Described extends Pick<PluginDescription, 'metadata' | 'routes'> {
  /** Exactly what it prints for `--metadata`. */
  readonly metadataText: string
}

/** Runs the code of a bundled plugin in an empty folder, and reads its description. */
export const describeCode = async (
  code: string,
  folder: string,
): Promise<E.Either<CliError, Described>> => {
  const file = join(folder, 'plugin.cjs')
  await writeFile(file, code)
  const [description, printed] = await Promise.all([
    descriptionOf([process.execPath, file], { cwd: folder })(),
    askPlugin([process.execPath, file], '--metadata', { cwd: folder })(),
  ])
  return pipe(
    E.Do,
    E.apS('description', description),
    E.apS('printed', printed),
    E.bimap(undescribed, ({ description: { metadata, routes }, printed: { stdout, answer } }) => ({
      metadata,
      routes,
      metadataText: answer || stdout,
    })),
  )
}

const undescribed = (reason: AskFailure): CliError =>
  reason._tag === 'Failed'
    ? failure(
        `the plugin does not describe itself${saidIn(reason.ran.stderr)}`,
        'Correct that: a host starts the plugin in the same way.',
      )
    : failure(
        `the entry is no plugin: ${askFailureText(reason)}`,
        'Its last line must be registerPlugin(new MyPlugin()).',
      )

/** The message of an uncaught error, without the line of bundled code and the stack around it. */
const saidIn = (stderr: string): string => {
  const said = (/^(?:\w*Error\b.*(?:\n(?! {4}at ).*)*)/m.exec(stderr)?.[0] ?? stderr).trim()
  return said === '' ? '' : `; it says:\n${said}`
}
