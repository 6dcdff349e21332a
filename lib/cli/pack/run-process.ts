import { execFile } from 'node:child_process'

/** What a process did. */
export interface Ran {
  /** The exit code; none where it could not be started, took too long, or was killed. */
  readonly code: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** How long it took, in milliseconds. */
  readonly ms: number
}

/** How to run a process. */
export interface RunOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
  /** In milliseconds; 20,000 unless said. */
  readonly timeout?: number
}

/** Runs a process to its end, without input. Never rejects. */
export const runProcess = (
  file: string,
  args: ReadonlyArray<string>,
  { cwd, env, timeout = 20_000 }: RunOptions,
): Promise<Ran> =>
  new Promise(resolve => {
    const begun = performance.now()
    const options = {
      cwd,
      env: { ...process.env, ...env },
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
    } as const
    const child = execFile(file, [...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined
      resolve({
        code,
        stdout,
        stderr:
          stderr === '' && code === undefined
            ? error?.killed
              ? `it took longer than ${timeout / 1000} s`
              : (error?.message ?? '')
            : stderr,
        ms: performance.now() - begun,
      })
    })
    child.stdin?.end()
  })
