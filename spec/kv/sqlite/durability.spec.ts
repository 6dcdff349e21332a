import { join } from 'node:path'
import { startChild } from '../child.js'
import { drivers, temporaryDirectory, testWith } from '../support.js'

const ROUNDS = 20

for (const { name, missing } of drivers) {
  testWith(missing)(
    `${name}: ${ROUNDS} times kill -9 in the midst of writing lose no acknowledged write`,
    async t => {
      const file = join(temporaryDirectory(t), 'kv.sqlite')
      const acknowledged: number[] = []
      for (let round = 0; round < ROUNDS; round++) {
        const writer = startChild(t, 'writer', [
          name,
          file,
          String((acknowledged.at(-1) ?? -1) + 1),
        ])
        const found: Readonly<Record<string, string>> = JSON.parse(await writer.hear())
        t.deepEqual(
          acknowledged.filter(n => found[`k${n}`] !== `value of ${n}`),
          [],
        )
        // One write may have been on the disk and not yet acknowledged when the process was killed.
        t.true(Object.keys(found).length - acknowledged.length <= 1)
        for (let i = 0; i < 3 + 7 * round; i++) acknowledged.push(Number(await writer.hear()))
        acknowledged.push(...(await writer.kill()).map(Number))
      }
      t.true(acknowledged.length >= ROUNDS * 3)
      t.deepEqual(
        acknowledged,
        acknowledged.map((_, n) => n),
      )
    },
  )
}
