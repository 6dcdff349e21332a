import { existsSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { failure } from '../cli-error.js'
import type { AddCommand, Work } from '../command.js'
import { EXIT } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import type { Finding } from './finding.js'

/** `toru-plugin doctor`. */
export const addDoctor: AddCommand = ({ program, terminal, run }) => {
  program
    .command('doctor')
    .description('find what keeps plugins from being built or run here, and how to fix it')
    .argument('[dir]', "a plugin's project", '.')
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      `
It checks Node.js, the directories for sockets and data, stale sockets, plugins without a host, and the package.json,
tsconfig.json and dependencies of the project, if there is one. It changes nothing. Exit code 1 if it finds an error.

Examples:
  toru-plugin doctor
  toru-plugin doctor my-plugin --json`,
    )
    .action((directory: string, { json }: { readonly json?: true }) =>
      run(doctor(terminal, directory, json === true)),
    )
}

const doctor =
  (terminal: Terminal, directory: string, json: boolean): Work =>
  async () => {
    if (!existsSync(directory))
      return E.left(
        failure(
          `${directory} does not exist`,
          "Name a plugin's directory, or omit it for this one.",
        ),
      )
    const { examine } = await import('./examine.js')
    const findings = await examine(directory, process.env)
    if (json) terminal.out(JSON.stringify(findings, null, 2))
    else for (const line of report(findings, terminal)) terminal.out(line)
    return E.right(findings.some(({ level }) => level === 'error') ? EXIT.failed : EXIT.ok)
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
