import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { PluginMetadata } from '../../index.js'
import { type CliError, failure } from '../cli-error.js'
import { runProcess } from './run-process.js'

const Route = t.type({ method: t.string, path: t.string, params: t.array(t.string) })
const Description = t.type({ metadata: PluginMetadata, routes: t.array(Route) })

/** What a plugin says of itself. */
export interface Described extends t.TypeOf<typeof Description> {
  /** What it prints for `--metadata`, to the byte. */
  readonly metadataText: string
}

/**
 * Asks the code of a bundled plugin what it is. The code is run in a folder where there is nothing
 * else.
 */
export const describeCode = async (
  code: string,
  folder: string,
): Promise<E.Either<CliError, Described>> => {
  const file = join(folder, 'plugin.cjs')
  await writeFile(file, code)
  const [described, metadata] = await Promise.all(
    ['--describe', '--metadata'].map(argument =>
      runProcess(process.execPath, [file, argument], { cwd: folder }),
    ),
  )
  if (described?.code !== 0 || metadata?.code !== 0) {
    const said = reasonIn(described?.stderr || metadata?.stderr || '')
    return E.left(
      failure(`the plugin does not describe itself${said === '' ? '' : `; it says:\n${said}`}`),
    )
  }
  return describedBy(described.stdout, metadata.stdout)
}

/**
 * What an uncaught error says, without the line of bundled code before it and the stack in bundled
 * code after it.
 */
const reasonIn = (stderr: string): string =>
  (/^(?:\w*Error\b.*(?:\n(?! {4}at ).*)*)/m.exec(stderr)?.[0] ?? stderr).trim()

const describedBy = (described: string, metadataText: string): E.Either<CliError, Described> => {
  const decoded = Description.decode(parsed(described))
  return E.isRight(decoded)
    ? E.right({ ...decoded.right, metadataText })
    : E.left(
        failure(
          'the entry is no plugin: with --describe it prints something else than a plugin does',
          'Its last line must be registerPlugin(new MyPlugin()).',
        ),
      )
}

const parsed = (text: string): unknown =>
  E.getOrElseW(() => undefined)(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => undefined,
    ),
  )

/**
 * The metadata in what a plugin's file printed for `--metadata`; none where a host would skip it.
 */
export const metadataIn = (text: string): PluginMetadata | undefined => {
  const decoded = PluginMetadata.decode(parsed(text))
  return E.isRight(decoded) ? decoded.right : undefined
}
