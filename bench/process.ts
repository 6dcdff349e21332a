import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the compiled files are. */
export const DIST = fileURLToPath(new URL('../', import.meta.url))

/**
 * Starts a plugin, or a stand-in for one, in the folder of its socket, and waits for the socket.
 */
export const startAt = async (
  file: string,
  path: string,
  env: NodeJS.ProcessEnv,
  node = process.execPath,
): Promise<ChildProcess> => {
  const child = spawn(node, [file], {
    env: { ...process.env, TORU_PLUGIN_SOCKET: path, ...env },
    cwd: dirname(path),
    stdio: 'ignore',
  })
  while (!existsSync(path)) {
    if (child.exitCode !== null)
      throw new Error(`${file} ended with exit code ${child.exitCode} before it listened`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return child
}

/** A message as a frame. */
export const frameOf = (message: unknown): Buffer => {
  const text = Buffer.from(JSON.stringify(message))
  const bytes = Buffer.alloc(4 + text.length)
  bytes.writeUInt32BE(text.length)
  text.copy(bytes, 4)
  return bytes
}

/** A connection on which one message at a time is answered. */
export const askingOn = (
  path: string,
): { readonly ask: (frame: Buffer) => Promise<Buffer>; readonly socket: Socket } => {
  const socket = connect(path)
  let got: Buffer = Buffer.alloc(0)
  let answered = (_answer: Buffer): void => undefined
  socket.on('data', (chunk: Buffer) => {
    got = got.length === 0 ? chunk : Buffer.concat([got, chunk])
    if (got.length < 4 || got.length < 4 + got.readUInt32BE(0)) return
    const answer = got.subarray(4)
    got = Buffer.alloc(0)
    answered(answer)
  })
  return {
    socket,
    ask: frame =>
      new Promise((resolve, reject) => {
        answered = resolve
        socket.once('error', reject)
        socket.write(frame, () => socket.off('error', reject))
      }),
  }
}

/** The median of some values. */
export const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
