import type { WriteStream } from 'node:tty'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import pc from 'picocolors'
import { visible } from '../runtime/log/pretty.js'

/** Shows what is being done now. */
export type Step = (text: string) => void

/**
 * Runs work that may take longer than a second, and shows what it does until it ends. `done` makes
 * the line that stays of it; without one none does.
 */
export type ShowProgress = <Failure, A>(
  text: string,
  work: (step: Step) => TaskEither<Failure, A>,
  done?: (result: A) => string,
) => TaskEither<Failure, A>

/** A last line of the terminal that says what is being done. */
export interface ProgressLine {
  readonly show: ShowProgress
  /** Writes something else, with the line out of its way. */
  readonly beside: (write: () => void) => void
  /** Erases the line for good. */
  readonly end: () => void
}

/** For pipes and files, in which nothing can be drawn over. */
export const NO_LINE: ProgressLine = {
  show: (_, work) => work(() => undefined),
  beside: write => write(),
  end: () => undefined,
}

/** Whether a line can be drawn and erased on a stream: not in the logs of a build server. */
export const canDraw = (
  { isTTY }: Pick<WriteStream, 'isTTY'>,
  { CI, TERM }: Readonly<Record<string, string | undefined>>,
): boolean => isTTY === true && !CI && TERM !== 'dumb'

/** In milliseconds. What takes less is not drawn, and a time is shown for what takes long. */
const [FIRST, EVERY, LONG] = [150, 100, 5_000]

/** `linux` is the console without a desktop, whose font has few characters. */
const framesFor = (term: string | undefined): ReadonlyArray<string> => [
  ...(term === 'linux' ? '-\\|/' : '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'),
]

const ERASE = '\r\u001b[2K'
/** Without these two the terminal would wrap a line that is too long, and leave a part of it. */
const [NO_WRAP, WRAP] = ['\u001b[?7l', '\u001b[?7h']

/** A line on a terminal. The cursor is not hidden, so that nothing has to bring it back. */
export const progressLine = (
  stream: WriteStream,
  term: string | undefined = process.env.TERM,
): ProgressLine => {
  const frames = framesFor(term)
  const { cyan, green, dim } = pc.createColors(stream.hasColors())
  let line: string | undefined
  let isOver = false
  const erase = (): void => {
    if (line !== undefined) stream.write(ERASE)
    line = undefined
  }
  const draw = (text: string): void => {
    if (isOver) return
    line = text
    stream.write(`${ERASE}${NO_WRAP}${text}${WRAP}`)
  }
  return {
    show: (text, work, done) => async () => {
      const begun = performance.now()
      let now = text
      let turn = 0
      const timer = setInterval(() => {
        const ms = performance.now() - begun
        if (ms < FIRST) return
        const time = ms < LONG ? '' : dim(` ${Math.floor(ms / 1_000)} s`)
        draw(`${cyan(frames[turn++ % frames.length] ?? '')} ${visible(now)}${time}`)
      }, EVERY)
      timer.unref()
      const result = await work(next => {
        now = next
      })().finally(() => {
        clearInterval(timer)
        erase()
      })
      if (done !== undefined && E.isRight(result) && !isOver)
        stream.write(`${green('✔')} ${visible(done(result.right))}\n`)
      return result
    },
    beside: write => {
      const hidden = line
      erase()
      write()
      if (hidden !== undefined) draw(hidden)
    },
    end: () => {
      erase()
      isOver = true
    },
  }
}
