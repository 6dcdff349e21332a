// The figures of a cell, from its slices.
import type { Slice } from '../driver/job.js'
import { median, quantile, type Spread, spreadOf } from '../statistics.js'
import type { Cell } from './load.js'

/** The figures of one kind of work in one pattern on one server. */
export interface Figures {
  /** Requests a second. */
  readonly rate: Spread
  /** Requests a second over those of the floor in the same round. */
  readonly ratio: Spread
  /** Microseconds of processor time that the server takes for a request. */
  readonly cpu: number
  /**
   * Those over the floor's in the same round: under 1 is less. Other work on the machine hardly
   * changes it.
   */
  readonly cpuRatio: number
  /**
   * The ratio to the floor by the figure that other work on the machine disturbs least: the median
   * latency for one request at a time, the processor time for many. On an idle machine it agrees
   * with {@link ratio}.
   */
  readonly steady: number
  /** How much of a processor the server and the driver took. */
  readonly serverShare: number
  readonly driverShare: number
  /** Microseconds; only of requests one at a time. */
  readonly p50: number | undefined
  readonly p99: number | undefined
}

const rateOf = ({ requests, seconds }: Slice): number => requests / seconds
const cpuOf = ({ requests, serverCpu }: Slice): number => (serverCpu * 1e6) / requests

/** The figures of a cell; `floor` is the cell of the same work and pattern on the floor. */
export const figuresOf = (cell: Cell, floor: Cell): Figures => {
  const slices = [...cell.slices.values()]
  return {
    rate: spreadOf(slices.map(rateOf)),
    ratio: spreadOf(paired(cell, floor, rateOf)),
    cpu: median(slices.map(cpuOf)),
    cpuRatio: median(paired(cell, floor, cpuOf)),
    steady: lowest(floor) / lowest(cell),
    serverShare: median(slices.map(({ serverCpu, seconds }) => serverCpu / seconds)),
    driverShare: median(slices.map(({ driverCpu, seconds }) => driverCpu / seconds)),
    p50: middle(slices.map(({ p50 }) => p50)),
    p99: middle(slices.map(({ p99 }) => p99)),
  }
}

/**
 * Other work on the machine only ever adds to a time, so the lower quarter of the slices says most
 * about the server.
 */
const lowest = (cell: Cell): number =>
  quantile(
    [...cell.slices.values()].map(slice => slice.p50 ?? cpuOf(slice)),
    0.25,
  )

/** A cell's figures over the floor's, round by round: a disturbance hits both of them. */
const paired = (cell: Cell, floor: Cell, of: (slice: Slice) => number): ReadonlyArray<number> =>
  [...cell.slices].flatMap(([round, slice]) => {
    const beside = floor.slices.get(round)
    return beside === undefined ? [] : [of(slice) / of(beside)]
  })

const middle = (values: ReadonlyArray<number | undefined>): number | undefined => {
  const known = values.filter(value => value !== undefined)
  return known.length === 0 ? undefined : median(known)
}

/** The cell of the floor for the same work and pattern. */
export const floorOf = (cells: ReadonlyArray<Cell>, { work, pattern }: Cell): Cell | undefined =>
  cells.find(each => each.server === 'floor' && each.work === work && each.pattern === pattern)
