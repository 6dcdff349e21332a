import { writeSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { classNameOf, explore } from '../reflect/explore.js'
import { type Problem, problemsMessage } from '../reflect/problem.js'
import { EXIT } from './exit-code.js'
import { STDOUT } from './log/quiet-stdout.js'
import { helpText, modeOf, unknownArgumentText } from './plugin-arguments.js'

/**
 * Thrown by {@link registerPlugin} for a class that cannot be a plugin. Its message names every
 * problem: where, why, and the fix.
 */
export class PluginDefinitionError extends Error {
  override readonly name = 'PluginDefinitionError'
  /** The problems one by one. */
  readonly problems: ReadonlyArray<Problem>
  constructor(className: string, problems: ReadonlyArray<Problem>) {
    super(problemsMessage(className, problems))
    this.problems = problems
  }
}

/**
 * Makes this process the plugin: `registerPlugin(new MyPlugin())` is the last line of a plugin's
 * entry file.
 *
 * Started by the host it listens and answers until it is stopped. With `--metadata` or `--describe`
 * it prints and exits without starting anything; `--help` explains. Throws a {@link
 * PluginDefinitionError} if something is wrong with the class, and a second call throws.
 */
export const registerPlugin = (plugin: object): void => {
  if (registered) throw new Error('registerPlugin was called twice: a process is one plugin')
  registered = true
  const declared = explore(plugin)
  if (E.isLeft(declared)) throw new PluginDefinitionError(classNameOf(plugin), declared.left)
  const { metadata } = declared.right
  const mode = modeOf(process.argv.slice(2))
  switch (mode._tag) {
    case 'Metadata':
      return print(STDOUT, `${JSON.stringify(metadata, null, 2)}\n`, EXIT.ok)
    case 'Describe':
      return later(
        import('../reflect/describe.js').then(({ describe }) =>
          print(STDOUT, `${JSON.stringify(describe(declared.right), null, 2)}\n`, EXIT.ok),
        ),
      )
    case 'Help':
      return print(1, helpText(metadata), EXIT.ok)
    case 'Unknown':
      return print(2, unknownArgumentText(metadata.id, mode.argument), EXIT.usage)
    case 'Serve':
      // Sockets, logs and the rest are loaded only here: the host asks for the metadata at every
      // scan.
      return later(import('./start.js').then(({ start }) => start(declared.right)))
  }
}

let registered = false

const later = (work: Promise<void>): void => void work.catch(fail)

const fail = (reason: unknown): void => {
  console.error(reason)
  process.exit(EXIT.failed)
}

/**
 * Writes all of a text and ends the process, whatever an author's modules have left running: the
 * host waits for the end.
 */
const print = (descriptor: number, text: string, code: number): void => {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSome(descriptor, bytes, at)
  process.exit(code)
}

/** How often a full pipe is tried again, in milliseconds. */
const RETRY_EVERY = 5

const writeSome = (descriptor: number, bytes: Buffer, at: number): number => {
  try {
    return writeSync(descriptor, bytes, at)
  } catch (thrown) {
    // One that nobody reads any more needs nothing.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EAGAIN'))
      return bytes.length
    // A pipe that another process made non-blocking is full.
    sleep(RETRY_EVERY)
    return 0
  }
}

const sleep = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
