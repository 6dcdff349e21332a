import { cpus, release } from 'node:os'
import type { Results } from '../results.js'
import { driverTable } from './driver-table.js'
import { goalsOf, goalsTable } from './goals.js'
import { loadTables } from './load-tables.js'
import { memoryTable, stagesTable, startUpTable } from './part-tables.js'

/** The tables of one Node.js. */
export const sectionOf = (results: Results): string => {
  const { node, cells, startUp, memory, stages } = results
  return [
    `## Node.js ${node.version}`,
    `### Goals\n\n${goalsTable(goalsOf(results))}`,
    ...(cells.length === 0
      ? []
      : [`### The driver\n\n${driverTable(cells)}`, `### Requests\n\n${loadTables(cells)}`]),
    ...(startUp === undefined ? [] : [`### Start\n\n${startUpTable(startUp)}`]),
    ...(memory === undefined ? [] : [`### Memory\n\n${memoryTable(memory)}`]),
    ...(stages === undefined ? [] : [`### Stages of a message\n\n${stagesTable(stages)}`]),
  ].join('\n\n')
}

/**
 * When, how, and on how busy a machine the figures were taken: `load` is the load average before
 * the bench began.
 */
export interface Occasion {
  readonly command: string
  readonly date: Date
  readonly load: number
}

/** The whole of `bench/results.md`. */
export const markdownOf = (
  all: ReadonlyArray<Results>,
  { command, date, load }: Occasion,
): string =>
  `# Figures

${machine()}; ${all.map(({ node }) => `Node.js ${node.version}`).join(' and ')}; ${date.toISOString().slice(0, 10)}; \`${command}\`; load average
before it began: ${load.toFixed(1)}.

Medians of interleaved rounds, with the borders of the quarters beside them. \`× floor\` is the median of the ratios within a round, and what counts: the
figures themselves are those of this machine at that time. \`CPU\` is the processor time of the server for a request, which other work on the machine hardly
touches; \`server\` and \`driver\` say how much of a processor each of the two took.

${all.map(sectionOf).join('\n\n')}
`

const machine = (): string => {
  const [first, ...others] = cpus()
  return `${first?.model.trim() ?? 'an unknown processor'}, ${others.length + 1} cores, Linux ${release()}`
}
