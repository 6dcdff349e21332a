import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { BuildError } from '../../devhost/console-api.js'
import { backendError } from '../../devhost/plugin/build-status.js'
import type { Diagnostic } from '../compile/diagnostics.js'

/** An error of the compiler, as the console shows it. */
export const buildError = ({ text, place }: Diagnostic): BuildError =>
  place === undefined
    ? backendError(text)
    : {
        half: 'backend',
        text,
        file: place.file,
        line: place.line,
        column: place.column - 1,
        lineText: lineIn(place.file, place.line),
      }

const lineIn = (file: string, line: number): string | null =>
  pipe(
    O.tryCatch(() => readFileSync(file, 'utf8').split('\n')[line - 1]),
    O.match(
      () => null,
      text => text ?? null,
    ),
  )

/**
 * Parses the message of a bundle that failed: one error per line, most of them with a place below
 * `root` in front.
 */
export const errorsIn = (
  half: BuildError['half'],
  message: string,
  root: string,
): ReadonlyArray<BuildError> => {
  const [first = '', ...lines] = message.split('\n')
  return (lines.length === 0 ? [first] : lines).map(line => {
    const [, file, row, column, text] = /^(.+?):(\d+):(\d+): (.*)$/.exec(line) ?? []
    return file === undefined || text === undefined
      ? { half, text: line, file: null, line: null, column: null, lineText: null }
      : {
          half,
          text,
          file: relative(process.cwd(), resolve(root, file)),
          line: Number(row),
          column: Number(column),
          lineText: null,
        }
  })
}
