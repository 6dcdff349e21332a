import { writeSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { errorCode } from '../domain/thrown.js'
import { explore } from '../reflect/explore.js'
import { classNameOf } from '../reflect/notes.js'
import { type Problem, problemsMessage } from '../reflect/problem.js'
import { EXIT } from './exit-code.js'
import { STDOUT } from './log/quiet-stdout.js'
import { helpText, modeOf, unknownArgumentText } from './plugin-arguments.js'

/**
 * Thrown by {@link registerPlugin} for a class that cannot be a plugin. The message names every
 * problem, its place and its fix.
 */
export class PluginDefinitionError extends Error {
  override readonly name = 'PluginDefinitionError'
  /** Every problem. */
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
 * The plugin listens and answers until it is stopped. With `--metadata`, `--describe` or `--help`
 * it prints and exits without starting anything. Throws a {@link PluginDefinitionError} if
 * something is wrong with the class, and an `Error` if it is called twice.
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
      return answer(metadata)
    case 'Describe':
      return later(
        import('../reflect/describe.js').then(({ describe }) => answer(describe(declared.right))),
      )
    case 'Help':
      return print(1, helpText(metadata), EXIT.ok)
    case 'Unknown':
      return print(2, unknownArgumentText(metadata.id, mode.argument), EXIT.usage)
    case 'Serve':
      // Only this mode loads sockets, logs and the rest, because the host asks for the metadata at
      // every scan.
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
 * Prints JSON to stdout, and also to the descriptor that our tools name: what a module has printed
 * to stdout before this package was loaded does not stand there.
 */
const answer = (json: unknown): void => {
  const text = `${JSON.stringify(json, null, 2)}\n`
  const { TORU_ANSWER_FD } = process.env
  if (TORU_ANSWER_FD !== undefined) write(Number(TORU_ANSWER_FD), text)
  print(STDOUT, text, EXIT.ok)
}

/**
 * Writes a text and ends the process, because the host waits for its end, and an author's modules
 * may keep it running.
 */
const print = (descriptor: number, text: string, code: number): void => {
  write(descriptor, text)
  process.exit(code)
}

const write = (descriptor: number, text: string): void => {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSome(descriptor, bytes, at)
}

/** After how many milliseconds a write to a full pipe is tried again. */
const RETRY_EVERY = 5

const writeSome = (descriptor: number, bytes: Buffer, at: number): number => {
  try {
    return writeSync(descriptor, bytes, at)
  } catch (thrown) {
    // Nobody reads the pipe any more.
    if (errorCode(thrown) !== 'EAGAIN') return bytes.length
    // The pipe is full, and another process has made it non-blocking.
    sleep(RETRY_EVERY)
    return 0
  }
}

const sleep = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
