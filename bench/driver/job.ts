import type { Protocol } from '../protocols.js'
import type { PatternName, WorkName } from '../work.js'

/** What the driver is to do: one slice of load on one server. */
export interface Job {
  /** The server's socket, its process and what it speaks. */
  readonly path: string
  readonly pid: number
  readonly protocol: Protocol
  readonly work: WorkName
  readonly pattern: PatternName
  /** When it ends: after so many milliseconds, or after so many requests. */
  readonly ms?: number
  readonly requests?: number
}

/** The result of one slice of load. */
export interface Slice {
  readonly requests: number
  readonly seconds: number
  /** Seconds of processor time, of all threads. */
  readonly driverCpu: number
  readonly serverCpu: number
  /**
   * Microseconds from the request to the whole answer, if requests come one at a time. Connecting
   * is included if each request has its own connection.
   */
  readonly p50?: number
  readonly p99?: number
}

/** What the driver reports about a job. */
export type Report = { readonly slice: Slice } | { readonly failure: string }
