import { flow, pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { parseTrustedText } from './text/parse-json.js'

/**
 * Something that a packed file carries behind its script: compressed with brotli, in a comment of
 * JavaScript. Sizes are in bytes.
 */
const Section = t.readonly(
  t.type({
    /** The system that a library is for, such as `linux-x64-gnu`, or the name of a script. */
    name: t.string,
    /** Where its bytes begin in the file. */
    at: t.number,
    /** How many bytes it takes in the file. */
    length: t.number,
    /** Its size when it is unpacked. */
    size: t.number,
    /** The hash of what is unpacked, in hexadecimal digits. */
    sha256: t.string,
  }),
)

/** Something that a packed file carries. */
export type Section = t.TypeOf<typeof Section>

/** What a packed file says about itself at its end. */
export const PackedFile = t.readonly(
  t.type({
    /** How many bytes at the beginning of the file are its script: Node.js reads only those. */
    script: t.number,
    /** Whether the plugin may use its key-value store. */
    usesStore: t.boolean,
    /** What stands in the sections for the end of a comment, which they may not contain. */
    commentEnd: t.string,
    sections: t.readonlyArray(Section),
  }),
)

/** What a packed file says about itself at its end. */
export type PackedFile = t.TypeOf<typeof PackedFile>

/** The section with the script of libsql; every other one is a library. */
export const LIBSQL_SCRIPT = 'libsql.js'

/** How many bytes at the end of a file are enough to read what it says about itself. */
export const PACKED_END_BYTES = 4_096

/** Finds the length of the script in the last bytes of a packed file. */
export const SCRIPT_LENGTH = /\/\*toru-plugin \{"script":(\d+),.*\}\*\/\n$/

/** The last line of a packed file. */
export const packedEnd = ({ script, ...others }: PackedFile): string =>
  `/*toru-plugin ${JSON.stringify({ script, ...others })}*/\n`

/** What a file says about itself in its last bytes; none if it is not a packed plugin. */
export const packedFileIn = (end: string): Option<PackedFile> =>
  pipe(
    O.fromNullable(/\/\*toru-plugin (\{.*\})\*\/\n$/.exec(end)?.[1]),
    O.chain(flow(parseTrustedText, O.fromEither)),
    O.chain(flow(PackedFile.decode, O.fromEither)),
  )
