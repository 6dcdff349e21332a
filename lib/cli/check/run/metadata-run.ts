/// <reference types="node" preserve="true" />
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { collectText } from '../../../plugin-process/output.js'
import { printedJson } from '../../../plugin-process/printed-json.js'
import { commandFor, spawnProcess } from '../../../plugin-process/spawn-process.js'
import type { Cleanup } from '../../cleanup.js'
import { cut, decodeUtf8, isObject, parseJson } from '../protocol/json.js'
import { hostEnvironment } from './launch.js'

/** A run of a plugin's file with `--metadata`. */
export interface MetadataRun {
  /** How it ended, such as `exit code 0`, or that it did not. */
  readonly ended: string
  readonly endedInOrder: boolean
  readonly ms: number
  readonly stdout: Buffer
  readonly stderr: string
  /** Whether it made a socket, as if it had been started to serve. */
  readonly bound: boolean
  /** The JSON object on stdout. Left with what stdout is instead. */
  readonly metadata: E.Either<string, Readonly<Record<string, unknown>>>
}

/** How long it may take, and how often it is looked at, in milliseconds. */
const TIMEOUT = 10_000
const LOOK_EVERY = 50
/** How long a plugin that listens instead of printing is given to end, in milliseconds. */
const LISTEN_GRACE = 500

/** Runs a file with `--metadata` as the host does at every scan, but not for ever. */
export const runMetadata = (file: string, cleanup: Cleanup): Promise<MetadataRun> =>
  new Promise(resolve => {
    const folder = cleanup.folder()
    const socket = join(folder, 'plugin.sock')
    const begun = performance.now()
    const { pid, stdout, stderr, ended } = spawnProcess([...commandFor(file), '--metadata'], {
      cwd: folder,
      env: hostEnvironment(socket, folder),
      group: cleanup,
    })
    const pieces: Buffer[] = []
    stdout?.on('data', (chunk: Buffer) => void pieces.push(chunk))
    const words = collectText(stderr, MAX_STDERR)
    const bound = (): boolean => lstatSync(socket, { throwIfNoEntry: false }) !== undefined
    const finish = (ended: string, endedInOrder: boolean): void => {
      clearInterval(look)
      const stdout = Buffer.concat(pieces)
      const run = {
        ended,
        endedInOrder,
        ms: performance.now() - begun,
        stdout,
        stderr: words(),
        bound: bound(),
        metadata: metadataIn(stdout),
      }
      if (pid !== undefined) cleanup.kill(pid)
      cleanup.removeFolder(folder)
      resolve(run)
    }
    let boundSince: number | undefined
    const look = setInterval(() => {
      const now = performance.now()
      if (bound()) boundSince ??= now
      if (boundSince !== undefined && now - boundSince > LISTEN_GRACE)
        finish('it did not end, and listens on its socket instead', false)
      else if (now - begun > TIMEOUT) finish(`it did not end within ${TIMEOUT / 1_000} s`, false)
    }, LOOK_EVERY)
    void ended.then(({ code, signal, error }) =>
      error === undefined
        ? finish(signal ?? `exit code ${code}`, code === 0)
        : finish(`it cannot be started (${error.message})`, false),
    )
  })

/** How many characters of its stderr are kept. */
const MAX_STDERR = 4_096

const metadataIn = (stdout: Buffer): MetadataRun['metadata'] => {
  if (stdout.length === 0) return E.left('nothing')
  const text = decodeUtf8(stdout)
  if (E.isLeft(text)) return text
  const value = parseJson(text.right)
  const preview = cut(JSON.stringify(text.right), 160)
  if (E.isLeft(value)) return E.left(noiseIn(text.right) ?? `${preview} (${value.left})`)
  return isObject(value.right) ? E.right(value.right) : E.left(`JSON that is no object: ${preview}`)
}

/** The first line beside the JSON. */
const noiseIn = (text: string): string | undefined =>
  pipe(
    printedJson(text, '', 'route'),
    E.match(
      () => undefined,
      ({ noise: [line = ''] }) => `the line ${cut(JSON.stringify(line), 160)} beside it`,
    ),
  )
