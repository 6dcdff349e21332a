import type { Terminal } from '../../terminal.js'
import type { Level } from './finding.js'
import { type Report, type ReportedCase, STALE } from './report.js'

type Colors = Terminal['colors']
type Paint = (text: string) => string

/** A report for people, as lines. */
export const tableOf = (report: Report, colors: Colors): ReadonlyArray<string> => {
  const width = Math.max(...report.cases.map(({ id }) => id.length))
  return [
    `${report.target} (profile ` +
      `${report.profile}${report.kind === 'socket' ? ', a live plugin' : ''})`,
    '',
    ...report.cases.flatMap(one => rowsOf(one, width, colors)),
    '',
    ...summaryOf(report, colors),
  ]
}

const LEVELS: ReadonlyArray<Level> = ['error', 'warning', 'note']

const rowsOf = (one: ReportedCase, width: number, colors: Colors): ReadonlyArray<string> => {
  const [mark, paint] = markOf(one, colors)
  const time = one.status === 'skipped' ? '' : colors.dim(` ${one.ms} ms`)
  const head = `${paint(mark.padEnd(7))}  ${one.id.padEnd(width)}  ${one.title}${time}`
  const below = '         '
  const more = one.status === 'stale' ? STALE : one.reason
  return [
    head,
    ...(more === undefined ? [] : [colors.dim(`${below}${more}`)]),
    ...one.findings.flatMap(({ level, expected, got, advice }) => [
      `${below}${paintOf(level, colors)(level)}: expected ${expected}`,
      `${below}  got ${got}`,
      `${below}  ${colors.dim(advice)}`,
    ]),
  ].map(printable)
}

const markOf = ({ status, findings }: ReportedCase, colors: Colors): readonly [string, Paint] => {
  if (status === 'failed') return ['error', colors.red]
  if (status === 'stale') return ['stale', colors.red]
  if (status === 'expected') return ['expect.', colors.dim]
  if (status === 'skipped') return ['skipped', colors.dim]
  const worst = LEVELS.find(level => findings.some(found => found.level === level))
  return worst === undefined ? ['ok', colors.green] : [worst, paintOf(worst, colors)]
}

const paintOf = (level: Level, colors: Colors): Paint =>
  ({ error: colors.red, warning: colors.yellow, note: colors.cyan })[level]

const summaryOf = ({ summary }: Report, colors: Colors): ReadonlyArray<string> => {
  const { cases, passed, failed, expected, stale, skipped, errors, warnings, notes, ms } = summary
  const also = [
    [failed, 'failed'],
    [stale, 'stale'],
    [expected, 'expected to fail'],
    [skipped, 'skipped'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `, ${count} ${what}`)
  const good = failed === 0 && stale === 0
  return [
    `${cases} cases: ${passed} passed${also.join('')}, in ${(ms / 1000).toFixed(1)} s`,
    (good ? colors.green : colors.red)(
      `${plural(errors, 'error')}, ${plural(warnings, 'warning')}, ${plural(notes, 'note')}`,
    ),
  ]
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** Escapes what a plugin wrote to control the terminal. Our own colors stay. */
const printable = (line: string): string =>
  line.replace(
    /\u001b(?!\[\d+m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g,
    char => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
