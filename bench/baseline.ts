import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as t from 'io-ts'
import { DIST } from './process.js'
import type { Scores } from './results.js'

/** The ratios that others are compared with. */
export const BASELINE = join(DIST, '../bench/baseline.json')

const Ratios = t.record(t.string, t.number)

/** The ratios of `baseline.json`; empty if there is no such file. */
export const readBaseline = (): Scores => {
  if (!existsSync(BASELINE)) return {}
  const read: unknown = JSON.parse(readFileSync(BASELINE, 'utf8'))
  if (!Ratios.is(read)) throw new Error(`${BASELINE} holds something else than ratios`)
  return read
}

/** Writes ratios to `baseline.json`. Those that were not measured now stay as they were. */
export const writeBaseline = (scores: Scores): void => {
  const all = Object.entries({ ...readBaseline(), ...scores }).sort(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
}
