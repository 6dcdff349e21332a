import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../../support/messages.js'
import { ROOT } from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'

/** The compiled command. */
export const MAIN = join(ROOT, 'dist/lib/cli/main.js')

/** A plugin in `spec/fixtures/faulty`, which is run as it stands. */
export const faulty = (name: string): string => join(ROOT, 'spec/fixtures/faulty', name)

/** The sample that must pass. */
export const HELLO = join(ROOT, 'dist/samples/hello/main.js')

/** What a run of the command left. */
export interface Checked {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What is left of it: files in its temporary folder, and processes that were started with it. */
  readonly left: ReadonlyArray<string>
}

/** Runs `toru-plugin check`. `onStart` may do something to it. */
export const check = async (
  args: ReadonlyArray<string>,
  onStart: (pid: number, place: string) => void = () => undefined,
): Promise<Checked> => {
  const place = folder()
  const child = spawn(process.execPath, [MAIN, 'check', ...args], {
    env: { ...process.env, TMPDIR: place, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text
    })
  }
  if (child.pid !== undefined) onStart(child.pid, place)
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  )
  return { code, ...written, left: await remains(place) }
}

/** What is left at last: who was killed a moment ago may still be listed. */
const remains = async (place: string): Promise<ReadonlyArray<string>> => {
  const deadline = performance.now() + 5_000
  for (;;) {
    const left = [...readdirSync(place), ...processesOf(place)]
    if (left.length === 0 || performance.now() > deadline) return left
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** The processes whose environment names a folder. */
const processesOf = (place: string): ReadonlyArray<string> =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => read(`/proc/${pid}/environ`).includes(place))
    .map(pid => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** What a report says of each case. */
export interface ReportedCase {
  readonly id: string
  readonly status: string
  readonly reason?: string
  readonly findings: ReadonlyArray<{
    readonly case: string
    readonly level: string
    readonly expected: string
    readonly got: string
    readonly advice: string
  }>
}

/** The cases in what `--json` printed. */
export const casesIn = ({
  stdout,
  stderr,
}: Pick<Checked, 'stdout' | 'stderr'>): ReadonlyArray<ReportedCase> => {
  const report: unknown = stdout === '' ? undefined : JSON.parse(stdout)
  if (!isObject(report) || !Array.isArray(report.cases)) throw new Error(`no report: ${stderr}`)
  return report.cases
}

/** The errors and warnings of a report as `level id`, each once, and what was seen. */
export const foundIn = (cases: ReadonlyArray<ReportedCase>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    cases
      .flatMap(({ findings }) => findings)
      .filter(({ level }) => level !== 'note')
      .map(finding => [
        `${finding.level} ${finding.case}`,
        `expected ${finding.expected}; got ${finding.got}`,
      ]),
  )
