import * as E from 'fp-ts/lib/Either.js'
import { messageOf } from '../../../domain/thrown.js'

/** Whether a value is an object and not an array. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parses JSON. Left with what is wrong. */
export const parseJson = (text: string): E.Either<string, unknown> =>
  E.tryCatch((): unknown => JSON.parse(text), messageOf)

/** Decodes UTF-8, the only encoding that the host takes. Left with what is wrong. */
export const decodeUtf8 = (bytes: Uint8Array): E.Either<string, string> =>
  E.tryCatch(
    () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    () => 'bytes that are not UTF-8',
  )

/** A value for people: its JSON, shortened. */
export const show = (value: unknown, most = 120): string =>
  value === undefined ? 'nothing' : cut(JSON.stringify(value) ?? String(value), most)

/** Shortens a text to so many characters. */
export const cut = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text
