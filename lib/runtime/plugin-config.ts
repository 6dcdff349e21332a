import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { explain } from '../codec/explain.js'
import { propNames } from '../codec/props.js'
import { secretsIn } from '../codec/secrets.js'
import { decodeText } from '../domain/text/decode-text.js'
import { type JsonFault, jsonFaultText, parseJsonText } from '../domain/text/parse-json.js'
import { errorCode, messageOf } from '../domain/thrown.js'

/** A plugin's configuration, and the texts in it that must never be printed. */
export interface PluginConfig {
  readonly config: unknown
  readonly secrets: ReadonlyArray<string>
}

/** Where a plugin's configuration comes from. */
export interface ConfigPlace {
  readonly id: string
  /** The plugin's file, as it was started. */
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Decodes the configuration: the values in `<id>/config.json` beside the plugin's file, overridden
 * by environment variables of the same names. The left side is a message with every name that does
 * not fit, what was expected and where to set it. It shows no secret.
 */
export const readConfig = (
  codec: t.Mixed | undefined,
  place: ConfigPlace,
): Either<string, PluginConfig> => {
  if (codec === undefined) return E.right({ config: {}, secrets: [] })
  const path = configPath(place)
  const stored = readValues(path)
  if (E.isLeft(stored)) return stored
  const input = inputFor(codec, stored.right, place.env)
  const decoded = codec.decode(input)
  return E.isRight(decoded)
    ? E.right({ config: decoded.right, secrets: secretsIn(codec, input, decoded.right) })
    : E.left(
        [
          'the configuration does not fit:',
          ...explain(decoded.left).map(
            ({ path: name, expected, got }) =>
              `  ${name || 'all of it'}: expected ${expected}, got ${got}`,
          ),
          `Set it in the environment, or in ${path} as {"NAME": "value"}.`,
        ].join('\n'),
      )
}

/** The file beside the plugin's own: `plugins/<id>/config.json` for `plugins/<id>.binary`. */
const configPath = ({ id, file }: ConfigPlace): string => join(dirname(file), id, 'config.json')

/**
 * Only the names that the codec has, if they can be seen: a plugin's configuration is not the whole
 * environment.
 */
const inputFor = (
  codec: t.Mixed,
  stored: Readonly<Record<string, string>>,
  env: ConfigPlace['env'],
): Readonly<Record<string, string>> => {
  const names = propNames(codec) ?? [...new Set([...Object.keys(stored), ...Object.keys(env)])]
  return Object.fromEntries(
    names.flatMap(name => {
      const value = env[name] ?? (Object.hasOwn(stored, name) ? stored[name] : undefined)
      return value === undefined ? [] : [[name, value] as const]
    }),
  )
}

const readValues = (path: string): Either<string, Readonly<Record<string, string>>> => {
  const bytes = E.tryCatch(
    () => readFileSync(path),
    cause => cause,
  )
  if (E.isLeft(bytes))
    return isMissing(bytes.left)
      ? E.right({})
      : E.left(`${path} cannot be read: ${messageOf(bytes.left)}`)
  return pipe(
    decodeText(bytes.right),
    E.mapLeft(reason => `is not read: ${reason}`),
    E.chain(flow(parseJsonText, E.mapLeft(faultText))),
    E.filterOrElse(isRecord, () => 'must hold a JSON object of names and values'),
    E.bimap(
      reason => `${path} ${reason}`,
      values => Object.fromEntries(Object.entries(values).flatMap(asText)),
    ),
  )
}

/** V8's reason shows a piece of the text, which may hold secrets. */
const faultText = (fault: JsonFault): string =>
  fault._tag === 'NotJson' ? 'is not JSON' : `is not read: ${jsonFaultText(fault)}`

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The environment has only text, so a codec reads text from the file as well: a list or an object
 * is its JSON, and `null` counts as missing.
 */
const asText = ([name, value]: readonly [string, unknown]): ReadonlyArray<
  readonly [string, string]
> => (value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]])

const isMissing = (thrown: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(errorCode(thrown) ?? '')
