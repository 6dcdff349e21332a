/// <reference types="node" preserve="true" />
import { collectText } from './output.js'
import {
  type Command,
  type ProcessEnd,
  type SpawnOptions,
  signalGroup,
  spawnProcess,
} from './spawn-process.js'

/** What a process that was run to its end did. */
export interface RanProcess extends ProcessEnd {
  readonly stdout: string
  readonly stderr: string
  /** What it wrote to descriptor 3; empty if it had none. */
  readonly answer: string
  /** How long it took, in milliseconds. */
  readonly ms: number
  /** Whether it was killed because it took too long. */
  readonly timedOut: boolean
}

/** How to run a process to its end. */
export interface RunOptions extends SpawnOptions {
  /** In milliseconds; 20,000 unless said. */
  readonly timeout?: number
}

/** How much of what a process writes is kept, in characters. */
const MAX_OUTPUT = 16 * 1_048_576

/** Runs a process to its end, without input. Never rejects. */
export const runProcess = async (
  command: Command,
  { timeout = 20_000, ...options }: RunOptions = {},
): Promise<RanProcess> => {
  const begun = performance.now()
  const { child, pid, stdout, stderr, answer, ended } = spawnProcess(command, options)
  const out = collectText(stdout, MAX_OUTPUT)
  const err = collectText(stderr, MAX_OUTPUT)
  const answered = collectText(answer, MAX_OUTPUT)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    if (pid !== undefined && options.group !== undefined) signalGroup(pid, 'SIGKILL')
    else child.kill('SIGKILL')
  }, timeout)
  const end = await ended
  clearTimeout(timer)
  const ms = performance.now() - begun
  return { ...end, stdout: out(), stderr: err(), answer: answered(), ms, timedOut }
}
