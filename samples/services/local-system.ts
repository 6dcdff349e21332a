import { type ExecFileException, execFile } from 'node:child_process'
import { ioError, notInitialized, type PluginError, timeoutError } from 'toru-plugin-api'
import { E, type TE } from 'toru-plugin-api/fp'
import type { Command, Output, System } from './system.js'

/** The environment of commands, and how many bytes of output are kept. */
export interface LocalSystemOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly outputLimit?: number
}

/** How many commands run at once, however many people look at the page. */
const AT_ONCE = 4
const OUTPUT_LIMIT = 8 * 1024 * 1024

/** This machine: commands are processes with arguments, without a shell. */
export const localSystem = ({
  env = process.env,
  outputLimit = OUTPUT_LIMIT,
}: LocalSystemOptions = {}): System => {
  const inTurn = atMost(AT_ONCE)
  const options = {
    // The parsers need English without colours, whatever the panel's own environment says.
    env: { ...env, LC_ALL: 'C', SYSTEMD_COLORS: '0' },
    maxBuffer: outputLimit,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  } as const
  return {
    run: (command, signal) =>
      inTurn(() => {
        if (signal.aborted)
          return Promise.resolve(
            E.left(timeoutError(`${command.program} was not run: nobody waits for it any more`)),
          )
        return new Promise(resolve => {
          execFile(
            command.program,
            command.args,
            { ...options, signal, timeout: command.deadline },
            (error, stdout, stderr) => resolve(outcome(command, error, stdout, stderr)),
          )
        })
      }),
    // CLOCK_MONOTONIC, as systemd uses it. /proc/uptime also counts the time of sleep, and in some
    // containers it is that of the container.
    now: () => Number(process.hrtime.bigint() / 1_000n),
  }
}

const outcome = (
  { program, deadline }: Command,
  error: ExecFileException | null,
  stdout: string,
  stderr: string,
): E.Either<PluginError, Output> => {
  if (error === null) return E.right({ code: 0, stdout, stderr, cut: false })
  if (typeof error.code === 'number')
    return E.right({ code: error.code, stdout, stderr, cut: false })
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER')
    return E.right({ code: 0, stdout, stderr, cut: true })
  if (error.code === 'ENOENT' || error.code === 'EACCES')
    return E.left(
      notInitialized(
        `${program} cannot be run (${error.code}): this plugin needs systemd, and its tools on the PATH of the panel`,
      ),
    )
  return E.left(
    error.killed === true || error.code === 'ABORT_ERR'
      ? timeoutError(
          `${program} has not answered within ${deadline / 1_000} s and was stopped; what it has asked of systemd may go on`,
        )
      : ioError(`${program} did not come to its end`, error),
  )
}

/** Limits how many programs run at once; the others wait for their turn. */
const atMost = (limit: number) => {
  let running = 0
  const waiting: Array<() => void> = []
  return <A>(program: TE.TaskEither<PluginError, A>): TE.TaskEither<PluginError, A> =>
    async () => {
      // A program that ends hands its place to the first that waits, so a new one cannot take it.
      if (running < limit) running += 1
      else await new Promise<void>(resolve => waiting.push(resolve))
      try {
        return await program()
      } finally {
        const next = waiting.shift()
        if (next === undefined) running -= 1
        else next()
      }
    }
}
