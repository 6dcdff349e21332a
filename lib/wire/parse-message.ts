/// <reference types="node" preserve="true" />
import { isUtf8 } from 'node:buffer'
import * as E from 'fp-ts/lib/Either.js'
import { type JsonFault, jsonFaultText, parseMessageText } from '../domain/text/parse-json.js'
import { escapeHidden } from '../domain/text/show.js'
import { type WireError, wireError } from './wire-error.js'

/**
 * Parses the bytes of one message as JSON.
 *
 * Bytes that are not UTF-8 are `InvalidUtf8`. Text that is not JSON is `InvalidJson`; so is a text
 * with a byte order mark, which RFC 8259 forbids and other plugin SDKs refuse. Text with more
 * structure than any message has, or with a forbidden key, is `InvalidMessage`: see
 * {@link parseMessageText}.
 */
export const parseMessage = (bytes: Uint8Array): E.Either<WireError, unknown> => {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString('utf8')
  // Decoding replaces what is not UTF-8 by this character. Nearly every text is without it, and
  // needs no second look.
  if (text.includes('\ufffd') && !isUtf8(bytes))
    return E.left(
      wireError(
        'InvalidUtf8',
        `a message of ${bytes.length} bytes is not UTF-8: ${quotation(latin1(bytes))}`,
      ),
    )
  return parseJson(text, buffer)
}

/**
 * Parses a text as JSON, or yields `InvalidJson` or `InvalidMessage` with the reason and the
 * beginning of the text: see {@link parseMessage}. `bytes`: the text as UTF-8, if it is at hand.
 */
export const parseJson = (text: string, bytes?: Uint8Array): E.Either<WireError, unknown> => {
  const parsed = text.startsWith(BYTE_ORDER_MARK) ? E.left(MARKED) : parseMessageText(text, bytes)
  return E.isLeft(parsed) ? E.left(faultOf(text, parsed.left)) : parsed
}

const BYTE_ORDER_MARK = '\ufeff'
const MARKED: JsonFault = {
  _tag: 'NotJson',
  reason: 'it begins with a byte order mark (U+FEFF)',
}

const faultOf = (text: string, fault: JsonFault): WireError => {
  const quoted = text === '' ? '' : `: ${quotation(text)}`
  return fault._tag === 'NotJson'
    ? wireError('InvalidJson', `a message is not JSON: ${fault.reason}${quoted}`)
    : wireError('InvalidMessage', `not a message of the protocol: ${jsonFaultText(fault)}${quoted}`)
}

/** The longest {@link quotation}, in characters, its quotation marks included. */
const LONGEST_QUOTATION = 80

/**
 * The beginning of a text in quotation marks, for an error message: at most 80 characters, with
 * invisible ones escaped.
 */
export const quotation = (text: string): string => {
  let shown = ''
  let cut = false
  for (const character of text.slice(0, LONGEST_QUOTATION)) {
    const next = escapeHidden(character)
    cut = shown.length + next.length > LONGEST_QUOTATION - 3
    if (cut) break
    shown += next
  }
  return `"${shown}${cut || text.length > LONGEST_QUOTATION ? '…' : ''}"`
}

/** Bytes as text with one character a byte. */
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.subarray(0, LONGEST_QUOTATION + 1)).toString('latin1')
