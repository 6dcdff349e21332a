/// <reference types="node" preserve="true" />
import { spawn } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { commandFor } from '../../testing/index.js'
import { cut, decodeUtf8, isObject, parseJson } from './json.js'
import { hostEnvironment } from './plugin-process.js'
import type { Tidy } from './tidy.js'

/** What a plugin's file did when it was run with `--metadata`. */
export interface MetadataRun {
  /** How it ended: `exit code 0`; or that it did not. */
  readonly ended: string
  readonly endedInOrder: boolean
  readonly ms: number
  readonly stdout: Buffer
  readonly stderr: string
  /** Whether there was a socket, as if it had been started to serve. */
  readonly bound: boolean
  /** The metadata, where stdout is one JSON object; else what stdout is. */
  readonly metadata: E.Either<string, Readonly<Record<string, unknown>>>
}

const PATIENCE = 10_000
const LOOK_EVERY = 50
/**
 * A file that serves in the place of printing has been seen to do so, and is given this long to end
 * all the same.
 */
const GRACE = 500

/**
 * Runs a file with `--metadata` as the host does at every scan; other than the host it does not
 * wait for ever.
 */
export const runMetadata = (file: string, tidy: Tidy): Promise<MetadataRun> =>
  new Promise(resolve => {
    const folder = tidy.folder()
    const socket = join(folder, 'plugin.sock')
    const begun = performance.now()
    const [command, ...args] = commandFor(file)
    const child = spawn(command, [...args, '--metadata'], {
      cwd: folder,
      env: hostEnvironment(socket, folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    if (child.pid !== undefined) tidy.started(child.pid)
    const pieces: Buffer[] = []
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => void pieces.push(chunk))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4096)
    })
    const bound = (): boolean => lstatSync(socket, { throwIfNoEntry: false }) !== undefined
    const finish = (ended: string, endedInOrder: boolean): void => {
      clearInterval(look)
      const stdout = Buffer.concat(pieces)
      const run = {
        ended,
        endedInOrder,
        ms: performance.now() - begun,
        stdout,
        stderr,
        bound: bound(),
        metadata: metadataIn(stdout),
      }
      if (child.pid !== undefined) tidy.kill(child.pid)
      tidy.removeFolder(folder)
      resolve(run)
    }
    let boundSince: number | undefined
    const look = setInterval(() => {
      const now = performance.now()
      if (bound()) boundSince ??= now
      if (boundSince !== undefined && now - boundSince > GRACE)
        finish('it did not end, and listens on its socket instead', false)
      else if (now - begun > PATIENCE) finish(`it did not end within ${PATIENCE / 1000} s`, false)
    }, LOOK_EVERY)
    child.once('error', error => finish(`it cannot be started (${error.message})`, false))
    child.once('close', (code, signal) =>
      finish(signal === null ? `exit code ${code}` : signal, code === 0),
    )
  })

const metadataIn = (stdout: Buffer): MetadataRun['metadata'] => {
  if (stdout.length === 0) return E.left('nothing')
  const text = decodeUtf8(stdout)
  if (E.isLeft(text)) return text
  const value = parseJson(text.right)
  const preview = cut(JSON.stringify(text.right), 160)
  if (E.isLeft(value)) return E.left(`${preview} (${value.left})`)
  return isObject(value.right) ? E.right(value.right) : E.left(`JSON that is no object: ${preview}`)
}
