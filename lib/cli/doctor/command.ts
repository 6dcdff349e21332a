import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { AddCommand, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import { pathArgument, type Wanted } from '../path-argument.js'
import type { Terminal } from '../terminal.js'
import type { Finding } from './finding.js'

/** `toru-plugin doctor`. */
export const addDoctor: AddCommand = ({ program, terminal, run }) => {
  program
    .command('doctor')
    .summary('find what keeps plugins from working here')
    .description(
      'Find what keeps plugins from being built or run here, and say how to mend it: in ' +
        'Node.js, the directories of sockets and data, and the project. Changes nothing.',
    )
    .argument('[dir]', "a plugin's project, or a plugins folder", '.')
    .option('--json', 'print the findings as JSON')
    .helpEnd('cli.md', [['doctor'], ['doctor my-plugin --json']])
    .action((directory: string, { json }: { readonly json?: true }) =>
      run(doctor(terminal, directory, json === true)),
    )
}

const doctor =
  (terminal: Terminal, directory: string, json: boolean): Work =>
  async () => {
    const kind = pathArgument(directory, WANTED)
    if (E.isLeft(kind)) return kind
    const { examine } = await import('./examine.js')
    const examined = await terminal.progress(`Examining ${directory}`, () =>
      TE.fromTask<ReadonlyArray<Finding>, never>(() => examine(directory, process.env)),
    )()
    if (E.isLeft(examined)) return examined
    const findings = examined.right
    if (json) terminal.out(JSON.stringify(findings, null, 2))
    else for (const line of report(findings, terminal)) terminal.out(line)
    return E.right(findings.some(({ level }) => level === 'error') ? EXIT.failed : EXIT.ok)
  }

const WANTED: Wanted = {
  kinds: ['folder'],
  names: /^/,
  expected: "Name the folder of a plugin's project, or leave it out for this one.",
}

const MARKS = { ok: 'ok', warning: 'warning', error: 'error' } as const
const WIDTH = 7

const report = (findings: ReadonlyArray<Finding>, { colors }: Terminal): ReadonlyArray<string> => {
  const paint = { ok: colors.green, warning: colors.yellow, error: colors.red }
  const count = (level: Finding['level']): number =>
    findings.filter(finding => finding.level === level).length
  return [
    ...findings.flatMap(({ check, level, found, mend }) => [
      `${paint[level](MARKS[level].padEnd(WIDTH))}  ${check}: ${found}`,
      ...(mend === undefined ? [] : [`${' '.repeat(WIDTH)}    ${mend}`]),
    ]),
    '',
    `${count('error')} errors, ${count('warning')} warnings`,
  ]
}
