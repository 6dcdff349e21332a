// Shows whether the driver is the bottleneck.
import { figuresOf } from '../measure/figures.js'
import { type Cell, rows } from '../measure/load.js'
import { PATTERN_TITLES } from '../work.js'
import { number, percent, ratio, table } from './table.js'

/** For each pattern the floor beside the ceiling, and how much of a processor the driver takes. */
export const driverTable = (cells: ReadonlyArray<Cell>): string => {
  const lines = rows(cells.filter(({ work }) => work === 'hello')).flatMap(row => {
    const [floor, ceiling] = [
      row.find(({ server }) => server === 'floor'),
      row.find(({ server }) => server === 'echo'),
    ]
    if (floor === undefined || ceiling === undefined || ceiling.slices.size === 0) return []
    const [below, above] = [figuresOf(floor, floor), figuresOf(ceiling, floor)]
    return [
      [
        PATTERN_TITLES[floor.pattern],
        number(below.rate.median),
        number(above.rate.median),
        ratio(above.ratio.median),
        percent(below.serverShare),
        percent(below.driverShare),
      ],
    ]
  })
  return `${table(['GET /', 'floor, requests/s', 'ceiling, requests/s', '× floor', 'floor’s processor', 'driver’s processor'], lines)}

The ceiling is a server that reads nothing and always answers the same: as fast as the driver can be served. With many requests under way the server is busy all
the time and the driver is not. With one at a time the two take turns, and what the driver and the kernel need is the same part of every figure: there the
ratios of processor time say more.`
}
