import { type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'

/** A process of the tests that answers lines with lines. */
export interface Child {
  /** The next line that it writes. */
  readonly hear: () => Promise<string>
  /** Writes a line and yields the next one. */
  readonly ask: (line: string) => Promise<string>
  /**
   * Kills it at once if it has not ended, and yields the lines that it had written and nobody
   * heard.
   */
  readonly kill: () => Promise<ReadonlyArray<string>>
}

/** The compiled file of a fixture process. */
export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/kv/${name}.js`, import.meta.url))

/** Starts a fixture; it is killed after the test. */
export const startChild = (
  t: ExecutionContext,
  name: string,
  args: ReadonlyArray<string>,
  options: SpawnOptions = {},
): Child => {
  const child = spawn(process.execPath, [fixture(name), ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const unheard: string[] = []
  const waiting: Array<(line: string) => void> = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', line => {
    const next = waiting.shift()
    if (next === undefined) unheard.push(line)
    else next(line)
  })
  lines.on('close', () => {
    for (const next of waiting.splice(0)) next('(it has ended)')
  })
  const hear = (): Promise<string> => {
    const line = unheard.shift()
    return line === undefined
      ? new Promise(resolve => waiting.push(resolve))
      : Promise.resolve(line)
  }
  return {
    hear,
    ask: line => {
      child.stdin.write(`${line}\n`)
      return hear()
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'close')
        child.kill('SIGKILL')
        await ended
      }
      return unheard.splice(0)
    },
  }
}
