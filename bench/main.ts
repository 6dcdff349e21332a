// The bench: `npm run bench`. See bench/README.md.
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { writeBaseline } from './baseline.js'
import { check } from './check.js'
import { ALL, measure, THE_TWO } from './measure/index.js'
import { nodes } from './nodes.js'
import { type Options, optionsOf, USAGE } from './options.js'
import { doubled, FULL, QUICK, selectionOf } from './plan.js'
import { DIST } from './process.js'
import { markdownOf, sectionOf } from './report/markdown.js'
import { groupsOf, svgOf } from './report/svg.js'
import { type Results, scoresOf } from './results.js'

const run = async (options: Options): Promise<number> => {
  const plan = options.quick ? (options.check ? doubled(QUICK) : QUICK) : FULL
  const all: Results[] = []
  const [load = 0] = loadavg()
  for (const node of nodes()) {
    const results = await measure(node, plan, selectionOf(options), options.check ? THE_TWO : ALL)
    all.push(results)
    console.log(`\n${sectionOf(results)}`)
  }
  if (options.updateBaseline) for (const results of all) writeBaseline(scoresOf(results, 'worse'))
  if (options.check) return (await check(all, plan)) ? 0 : 1
  if (options.only === undefined) write(all, options, load)
  return 0
}

const write = (all: ReadonlyArray<Results>, { quick }: Options, load: number): void => {
  const folder = join(DIST, '../bench')
  writeFileSync(
    join(folder, 'results.md'),
    markdownOf(all, {
      command: `npm run bench${quick ? ' -- --quick' : ''}`,
      date: new Date(),
      load,
    }),
  )
  const [first] = all
  if (first === undefined) return
  const subtitle = `Node.js ${first.node.version}, one process each, over a Unix socket. Every pattern has a scale of its own.`
  writeFileSync(join(folder, 'results.svg'), svgOf(groupsOf(first.cells), subtitle))
}

const options = optionsOf(process.argv.slice(2))
if ('problem' in options) {
  console.error(options.problem === undefined ? USAGE : `${options.problem}\n\n${USAGE}`)
  process.exitCode = options.problem === undefined ? 0 : 64
} else process.exitCode = await run(options)
