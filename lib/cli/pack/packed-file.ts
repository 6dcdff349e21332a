import { packedEnd, type Section } from '../../domain/packed-file.js'
import { unusedEnd } from './parts.js'

/** Something to put into a packed file: compressed with brotli, with what it is when unpacked. */
export interface Carried extends Pick<Section, 'name' | 'size' | 'sha256'> {
  readonly compressed: Uint8Array
}

/**
 * A packed file: a script or a program, what it carries, and the line that says where all of it is.
 * What is carried stands in comments, so that the whole file is JavaScript where the script is.
 */
export const packedFile = (
  script: Uint8Array,
  carried: ReadonlyArray<Carried>,
  usesStore: boolean,
): Uint8Array => {
  const texts = carried.map(({ compressed }) => Buffer.from(compressed).toString('latin1'))
  const commentEnd = unusedEnd(texts)
  const pieces = [Buffer.from(script)]
  let at = script.length
  const sections = carried.map(({ name, size, sha256 }, index) => {
    const bytes = Buffer.from((texts[index] ?? '').replaceAll('*/', commentEnd), 'latin1')
    pieces.push(OPEN, bytes, CLOSE)
    const section = { name, at: at + OPEN.length, length: bytes.length, size, sha256 }
    at += OPEN.length + bytes.length + CLOSE.length
    return section
  })
  const end = packedEnd({ script: script.length, usesStore, commentEnd, sections })
  return Buffer.concat([...pieces, Buffer.from(end)])
}

const OPEN = Buffer.from('/*')
const CLOSE = Buffer.from('*/\n')
