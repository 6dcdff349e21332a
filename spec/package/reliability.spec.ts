import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'

/** A spec file by its name in the table, and the beginnings of the tests that are named with it. */
interface Proof {
  readonly file: string
  readonly tests: ReadonlyArray<string>
}

/**
 * The last column: `` `runtime/clock`: "where the time", "a time stamp" `` for a test or two of a
 * file, the file alone for all of it.
 */
const proofsIn = (cell: string): ReadonlyArray<Proof> =>
  [...cell.matchAll(/`([a-z]+\/[a-z-]+)`((?::? ?(?:, )?"[^"]+")*)/g)].map(
    ([, file = '', named = '']) => ({
      file,
      tests: [...named.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
    }),
  )

const rows = readFileSync(join(ROOT, 'docs', 'reliability.md'), 'utf8')
  .split('\n')
  .filter(line => line.startsWith('| '))
  .map(line => line.slice(2, -2).split(/ \| (?!\|)/))
const promises = rows.slice(
  rows.findIndex(([what]) => what === 'what happens') + 1,
  rows.findIndex(([what]) => what === 'code'),
)

test('the table of promises is read as it is written', t => {
  t.true(promises.length > 15)
  t.deepEqual(
    proofsIn('`a/b`: "one", "two"; `c/d-e`, `f/g`: "three" (so to say); at length `npm run soak`'),
    [
      { file: 'a/b', tests: ['one', 'two'] },
      { file: 'c/d-e', tests: [] },
      { file: 'f/g', tests: ['three'] },
    ],
  )
})

for (const [what = '', ...cells] of promises) {
  test(`what is promised where ${what} is tested where the page says`, t => {
    const proofs = proofsIn(cells.at(-1) ?? '')
    t.true(proofs.length > 0)
    for (const { file, tests } of proofs) {
      const path = join(ROOT, 'spec', `${file}.spec.ts`)
      t.true(existsSync(path), path)
      const source = readFileSync(path, 'utf8').replaceAll(/\(\s+/g, '(')
      // A title begins after the bracket of its call; some are templates.
      for (const name of tests)
        t.true(
          [`('${name}`, `(\`${name}`].some(title => source.includes(title)),
          `${file}: ${name}`,
        )
    }
  })
}
