import * as E from 'fp-ts/lib/Either.js'

/** Whether a value is an object, but no array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value in a JSON text, or what is wrong with it. */
export const parseJson = (text: string): E.Either<string, unknown> =>
  E.tryCatch((): unknown => JSON.parse(text), messageOf)

/** The text in bytes, or what is wrong with them: the host takes nothing but UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): E.Either<string, string> =>
  E.tryCatch(
    () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    () => 'bytes that are not UTF-8',
  )

/** What a value is, for people: its JSON, cut short. */
export const show = (value: unknown, most = 120): string =>
  value === undefined ? 'nothing' : cut(JSON.stringify(value) ?? String(value), most)

/** A text of at most so many characters. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
