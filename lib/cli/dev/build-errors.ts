import { relative, resolve } from 'node:path'
import type { Message } from 'esbuild'
import type { BuildError } from '../../devhost/console-api.js'

/** An error of esbuild, as the console shows it. */
export const buildError =
  (half: BuildError['half']) =>
  ({ text, location }: Message): BuildError => ({
    half,
    text,
    file: location?.file ?? null,
    line: location?.line ?? null,
    column: location?.column ?? null,
    lineText: location?.lineText ?? null,
  })

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
