import { type ExecFileException, execFile } from 'node:child_process'
import { ioError, notInitialized, type PluginError, timeoutError } from 'toru-plugin-api'
import { E, type TE } from 'toru-plugin-api/fp'
import type { Command, Output, System } from './system.js'

/** Where commands are run, and how many bytes of output are kept. */
export interface LocalSystemOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly outputLimit?: number
}

/** However many people look at the page, so many commands run at once. */
const AT_ONCE = 4
const OUTPUT_LIMIT = 8 * 1024 * 1024

/** This machine: commands are processes with arguments, and no shell reads them. */
export const localSystem = ({
  env = process.env,
  outputLimit = OUTPUT_LIMIT,
}: LocalSystemOptions = {}): System => {
  const inTurn = atMost(AT_ONCE)
  const options = {
    // What the parsers read is English without colours, whatever the panel's own surroundings are.
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
    // The clock is CLOCK_MONOTONIC, as systemd's own. /proc/uptime counts the time of sleep as
    // well, and in some containers it is the container's.
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

/** Lets so many programs run at once; the others wait for their turn. */
const atMost = (limit: number) => {
  let running = 0
  const waiting: Array<() => void> = []
  return <A>(program: TE.TaskEither<PluginError, A>): TE.TaskEither<PluginError, A> =>
    async () => {
      // Whoever ends hands its place on, so nobody who comes in between can take it.
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
