import { type Report, type ReportedCase, STALE } from './report.js'

/** A report as JUnit XML: one suite, one test case each. Warnings and notes are its output. */
export const junitOf = (report: Report): string => {
  const { summary, profile, cases } = report
  const failures = summary.failed + summary.stale
  const counts =
    `tests="${summary.cases}" failures="${failures}" errors="0" ` +
    `skipped="${summary.skipped + summary.expected}" time="${seconds(summary.ms)}"`
  const name = `toru-plugin check (${profile})`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(name)}" ${counts}>`,
    `  <testsuite name="${escaped(report.target)}" ${counts}>`,
    ...cases.flatMap(one => testCase(one, `toru-plugin.check.${profile}`)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const testCase = (one: ReportedCase, className: string): ReadonlyArray<string> => {
  const inside = [...verdictOf(one), ...outputOf(one)]
  const open = `    <testcase classname="${escaped(className)}" name="${escaped(`${one.id}: ${one.title}`)}" time="${seconds(one.ms)}"`
  return inside.length === 0
    ? [`${open}/>`]
    : [`${open}>`, ...inside.map(line => `      ${line}`), '    </testcase>']
}

const verdictOf = (one: ReportedCase): ReadonlyArray<string> => {
  if (one.status === 'skipped') return [`<skipped message="${escaped(one.reason ?? '')}"/>`]
  if (one.status === 'expected') return ['<skipped message="it fails as expected"/>']
  if (one.status === 'stale') return [`<failure type="stale" message="${escaped(STALE)}"/>`]
  const errors = one.findings.filter(({ level }) => level === 'error')
  const [first] = errors
  return first === undefined
    ? []
    : [
        `<failure type="error" message="${escaped(`expected ${first.expected}; got ${first.got}`)}">${escaped(textOf({ ...one, findings: errors }))}</failure>`,
      ]
}

const outputOf = (one: ReportedCase): ReadonlyArray<string> => {
  const findings =
    one.status === 'expected' ? one.findings : one.findings.filter(({ level }) => level !== 'error')
  return findings.length === 0
    ? []
    : [`<system-out>${escaped(textOf({ ...one, findings }))}</system-out>`]
}

const textOf = ({ findings }: ReportedCase): string =>
  findings
    .map(
      ({ level, expected, got, advice }) => `${level}: expected ${expected}\ngot ${got}\n${advice}`,
    )
    .join('\n\n')

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** XML allows neither most control characters nor lone surrogates. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, char => ENTITIES[char] ?? char)
