/** An error about a place, or about the whole project. Lines and columns begin at 1. */
export interface Diagnostic {
  /** With its code: `TS2322: Type 'number' is not assignable to type 'string'.` */
  readonly text: string
  /** As the compiler names it: relative to the working directory. */
  readonly place:
    | { readonly file: string; readonly line: number; readonly column: number }
    | undefined
}

/** What a run of the compiler printed. */
export interface CompilerOutput {
  readonly errors: ReadonlyArray<Diagnostic>
  /** The files of the program, if it was asked to list them. */
  readonly program: ReadonlyArray<string>
}

const AT_PLACE = /^(.+?)\((\d+),(\d+)\): error (TS\d+: .*)$/
const WITHOUT_PLACE = /^error (TS\d+: .*)$/

/** Reads what `tsc --pretty false --listFiles` prints. */
export const compilerOutput = (lines: ReadonlyArray<string>): CompilerOutput => {
  const errors: Diagnostic[] = []
  const program: string[] = []
  for (const line of lines) {
    const [, file, row = '', column = '', text] = AT_PLACE.exec(line) ?? []
    const [, general] = WITHOUT_PLACE.exec(line) ?? []
    const last = errors.at(-1)
    if (file !== undefined && text !== undefined)
      errors.push({ text, place: { file, line: Number(row), column: Number(column) } })
    else if (general !== undefined) errors.push({ text: general, place: undefined })
    else if (line.startsWith('/')) program.push(line)
    // What belongs to an error is indented below it.
    else if (last !== undefined && /^ +\S/.test(line))
      errors.splice(-1, 1, { ...last, text: `${last.text}\n${line}` })
  }
  return { errors, program }
}

/** What is wrong with the configuration, and not with a file of code. */
export const configurationErrors = ({ errors }: CompilerOutput): ReadonlyArray<Diagnostic> =>
  errors.filter(({ place }) => place === undefined || place.file.endsWith('.json'))

/** A diagnostic as a line, with its place in front. */
export const diagnosticText = ({ text, place }: Diagnostic): string =>
  place === undefined ? text : `${place.file}:${place.line}:${place.column}: ${text}`
