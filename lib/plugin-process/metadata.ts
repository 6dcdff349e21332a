import { ID_PATTERN, MAX_NAME_BYTES } from '../domain/host.js'
import { E, pipe, TE, t } from '../fp.js'
import { type AskFailure, type AskOptions, askJson, unusable } from './ask-plugin.js'
import type { PrintedJson } from './printed-json.js'
import type { Command } from './spawn-process.js'

const MetadataJson = t.intersection([
  t.type({ id: t.string, name: t.string, version: t.string, icon: t.string, route: t.string }),
  t.partial({ author: t.union([t.string, t.null]) }),
])

/** What a plugin in any language says of itself, by the host's rules. */
export interface Metadata {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly author: string | null
  readonly icon: string
  readonly route: string
}

/** What a plugin says of itself, and what a host reads beside that, and so cannot use. */
export interface PrintedMetadata {
  readonly metadata: Metadata
  readonly noise: PrintedJson['noise']
}

/**
 * The metadata of a plugin, which is run with `--metadata`, by the rules of the host. What else it
 * prints does not matter.
 */
export const printedMetadata = (
  command: Command,
  options?: AskOptions,
): TE.TaskEither<AskFailure, PrintedMetadata> =>
  pipe(
    askJson(command, '--metadata', options),
    TE.chainEitherK(({ json, noise }) =>
      pipe(
        metadataIn(json),
        E.bimap(unusable, metadata => ({ metadata, noise })),
      ),
    ),
  )

/** The same as a host reads it. Left also for a plugin that prints something else. */
export const metadataOf = (
  command: Command,
  options?: AskOptions,
): TE.TaskEither<AskFailure, Metadata> =>
  pipe(
    printedMetadata(command, options),
    TE.chainEitherK(({ metadata, noise }) =>
      noise.length === 0 ? E.right(metadata) : E.left({ _tag: 'Noisy', noise }),
    ),
  )

/**
 * Parsed metadata by the rules of the host. Left with the rule that it breaks, for which the host
 * skips the plugin.
 */
export const metadataIn = (json: unknown): E.Either<string, Metadata> => {
  if (!MetadataJson.is(json))
    return E.left(
      'its metadata needs id, name, version, icon and route, all of them strings, and may ' +
        `have an author; it is ${JSON.stringify(json)}`,
    )
  const { id, name, version, icon, route, author = null } = json
  if (!ID_PATTERN.test(id))
    return E.left(`its id is ${JSON.stringify(id)}: only A-Z a-z 0-9 and - are allowed`)
  if (!route.startsWith('/') || route.includes('..'))
    return E.left(`its route is ${JSON.stringify(route)}: it must begin with "/" and hold no ".."`)
  for (const [field, text] of [
    ['name', name],
    ['author', author ?? ''],
  ] as const) {
    const bytes = Buffer.byteLength(text)
    if (bytes > MAX_NAME_BYTES)
      return E.left(`its ${field} has ${bytes} bytes: at most ${MAX_NAME_BYTES} are allowed`)
  }
  return E.right({ id, name, version, author, icon, route })
}

/**
 * Why nothing will ever reach a plugin whose route the host accepts; `undefined` where something
 * does.
 */
export const unreachable = ({ route }: Pick<Metadata, 'route'>): string | undefined =>
  /^\/[^/?#]+$/.test(route)
    ? undefined
    : `its route is ${JSON.stringify(route)}: the host looks plugins up by one segment, such ` +
      'as "/notes", so nothing will reach it'
