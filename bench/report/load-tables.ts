import { figuresOf, floorOf } from '../measure/figures.js'
import { type Cell, rows } from '../measure/load.js'
import { SERVERS } from '../servers/index.js'
import { PATTERN_TITLES, WORK_TITLES } from '../work.js'
import { number, percent, ratio, table } from './table.js'

const HEAD = [
  '',
  'requests/s',
  'quarters',
  '× floor',
  'quarters',
  'CPU µs',
  '× floor',
  'server',
  'driver',
  'p50 µs',
  'p99 µs',
]

/** A table for each kind of work in each pattern: every server beside the floor. */
export const loadTables = (cells: ReadonlyArray<Cell>): string =>
  rows(cells)
    .map(row => {
      const lines = row.flatMap(cell => rowOf(cell, cells))
      return `${titleOf(row)}\n\n${table(HEAD, lines)}`
    })
    .join('\n\n')

const titleOf = ([cell]: ReadonlyArray<Cell>): string =>
  cell === undefined ? '' : `**${WORK_TITLES[cell.work]}; ${PATTERN_TITLES[cell.pattern]}**`

const rowOf = (cell: Cell, cells: ReadonlyArray<Cell>): ReadonlyArray<ReadonlyArray<string>> => {
  const floor = floorOf(cells, cell)
  if (floor === undefined || cell.slices.size === 0) return []
  const {
    rate,
    ratio: over,
    cpu,
    cpuRatio,
    serverShare,
    driverShare,
    p50 = Number.NaN,
    p99 = Number.NaN,
  } = figuresOf(cell, floor)
  return [
    [
      SERVERS.find(({ name }) => name === cell.server)?.title ?? cell.server,
      number(rate.median),
      `${number(rate.low)} … ${number(rate.high)}`,
      ratio(over.median),
      `${ratio(over.low)} … ${ratio(over.high)}`,
      number(cpu),
      ratio(cpuRatio),
      percent(serverShare),
      percent(driverShare),
      number(p50),
      number(p99),
    ],
  ]
}
