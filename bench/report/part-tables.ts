// The tables of start-up, memory and stages.
import type { Held, Memory, RestingName } from '../measure/memory.js'
import type { StageTimes } from '../measure/stages.js'
import { STARTS, type StartName, type StartUp } from '../measure/start-up.js'
import { stageRatio } from '../results.js'
import { median, spreadOf } from '../statistics.js'
import { number, ratio, table } from './table.js'

const START_TITLES: Readonly<Record<StartName, string>> = {
  empty: 'an empty file',
  essentials: 'importing reflect-metadata and io-ts',
  given: 'importing the given packages',
  floor: 'the floor',
  compiled: 'hello, compiled files',
  bundle: 'hello, packed into one file',
  metadata: 'hello --metadata, compiled files',
  bundleMetadata: 'hello --metadata, packed, past its shell part',
}

/** Milliseconds from spawn: medians, and the quarters of the first figure. */
export const startUpTable = (startUp: StartUp): string =>
  table(
    ['milliseconds from spawn', 'socket accepts', 'first answer', 'end', 'quarters', '× empty'],
    STARTS.map(name => {
      const { socket, answer, end } = startUp[name]
      const first = socket.length > 0 ? socket : end
      const { low, high } = spreadOf(first)
      const over = median(first.map((ms, round) => ms / (startUp.empty.end[round] ?? Number.NaN)))
      return [
        START_TITLES[name],
        ...[socket, answer, end].map(times => number(median(times))),
        `${number(low)} … ${number(high)}`,
        ratio(over),
      ]
    }),
  )

const RESTING_TITLES: Readonly<Record<RestingName, string>> = {
  empty: 'an empty file',
  given: 'the given packages',
  floor: 'the floor',
  unwatched: 'ours, stallTimeout: 0',
  ours: 'ours',
  hello: 'hello, with its SQLite file',
  packed: 'hello, packed into one file, with its SQLite file',
}

/** MiB at rest and after many requests. */
export const memoryTable = ({ rest, before, after, requests }: Memory): string => {
  const middle = (held: ReadonlyArray<Held>, kind: keyof Held): number =>
    median(held.map(each => each[kind]))
  const given = middle(rest.given, 'resident')
  const row = (title: string, held: ReadonlyArray<Held>): ReadonlyArray<string> => {
    const resident = middle(held, 'resident')
    return [title, number(resident), number(middle(held, 'anonymous')), signed(resident - given)]
  }
  const names: ReadonlyArray<RestingName> = [
    'empty',
    'given',
    'floor',
    'unwatched',
    'ours',
    'hello',
    'packed',
  ]
  const watchdog = middle(rest.ours, 'resident') - middle(rest.unwatched, 'resident')
  return `${table(
    [
      'MiB, a second after the first answer',
      'resident',
      'not from files',
      'over the given packages',
    ],
    [
      ...names.map(name => row(RESTING_TITLES[name], rest[name])),
      row(`ours, after ${number(requests)} pipelined requests`, [after]),
    ],
  )}\n\nThe watchdog’s thread takes ${number(watchdog)} MiB; ${number(requests)} requests leave ${number(after.resident - before.resident)} MiB more than there were.`
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${number(Math.abs(value))}`

/** Nanoseconds a message of each stage, and of the same by hand. */
export const stagesTable = (stages: ReadonlyArray<StageTimes>): string =>
  table(
    ['nanoseconds a message', 'ours', 'quarters', 'by hand', 'ours × by hand'],
    stages.map(stage => {
      const { median: middle, low, high } = spreadOf(stage.ours)
      return [
        stage.name,
        number(middle),
        `${number(low)} … ${number(high)}`,
        number(median(stage.floor)),
        ratio(1 / stageRatio(stage)),
      ]
    }),
  )
