import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { tscWatch } from '../../../lib/cli/dev/tsc-watch.js'
import type { CompilerEvent } from '../../../lib/cli/dev/watch-compiler.js'
import { folder } from '../../support/plugin-process.js'
import { isRunning, until } from '../../support/processes.js'

// What TypeScript 5.9 printed with --watch --listFiles --pretty false, one compilation after the
// other; then it dies, as it does of its own faults.
const RECORDED = [
  `10:25:33 PM - Starting compilation in watch mode...

/p/node_modules/typescript/lib/lib.es5.d.ts
/p/src/b.ts
/p/src/main.ts

10:25:45 PM - Found 0 errors. Watching for file changes.
`,
  `
10:25:46 PM - File change detected. Starting incremental compilation...

src/b.ts(1,7): error TS1134: Variable declaration expected.

src/b.ts(1,9): error TS1134: Variable declaration expected.

/p/src/b.ts
/p/src/main.ts
10:25:46 PM - Found 2 errors. Watching for file changes.
`,
]

const config = {
  file: '/p/tsconfig.json',
  options: {
    outDir: '/p/dist',
    rootDir: undefined,
    composite: false,
    emitsNothing: false,
    noEmitOnError: true,
  },
  files: [],
  references: [],
}

test('what tsc --watch prints is read, and another one is started when it dies', async t => {
  const file = join(folder(), 'tsc.mjs')
  writeFileSync(
    file,
    `const pieces = ${JSON.stringify(RECORDED)}.join('').match(/[^]{1,97}/g)
for (const piece of pieces) { process.stdout.write(piece); await new Promise(done => setTimeout(done, 5)) }
console.error('Debug Failure. ' + process.argv.slice(2).join(' '))
process.exit(1)`,
  )
  const events: CompilerEvent[] = []
  const pids: number[] = []
  const watching = tscWatch(
    {
      source: '/p/src/main.ts',
      typescript: { command: [process.execPath, file], version: '5.9.3' },
      config,
      isBuild: false,
    },
    event => void events.push(event),
    { started: pid => void pids.push(pid) },
  )
  await until(() => events.length >= 6)
  await watching.stop()
  const program = ['/p/src/b.ts', '/p/src/main.ts']
  const error = (column: number) => ({
    text: 'TS1134: Variable declaration expected.',
    place: { file: 'src/b.ts', line: 1, column },
  })
  t.deepEqual(
    events.slice(0, 6).map(event => ('took' in event ? { ...event, took: 0 } : event)),
    [
      { _tag: 'Begun' },
      {
        _tag: 'Done',
        run: {
          errors: [],
          program: ['/p/node_modules/typescript/lib/lib.es5.d.ts', ...program],
          hasEmitted: true,
        },
        took: 0,
      },
      { _tag: 'Begun' },
      { _tag: 'Done', run: { errors: [error(7), error(9)], program, hasEmitted: false }, took: 0 },
      {
        _tag: 'Failed',
        reason:
          'the compiler has died: it ended with exit code 1; it wrote: Debug Failure. -p /p/tsconfig.json --watch --preserveWatchOutput --listFiles --pretty false --locale en',
      },
      { _tag: 'Begun' },
    ],
  )
  t.is(pids.length, 2)
  t.false(pids.some(isRunning))
})
