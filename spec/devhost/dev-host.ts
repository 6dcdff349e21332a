import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { join } from 'node:path'
import type { ConsoleEvents, ConsolePlugin } from '../../lib/devhost/console-api.js'
import { taskQueue } from '../../lib/domain/task-queue.js'
import { ROOT } from '../support/packed-project.js'
import { folder, type Teardown } from '../support/plugin-process.js'

const MAIN = join(ROOT, 'dist', 'lib', 'cli', 'main.js')

/** An answer, as plain HTTP has it. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
}

/** `toru-plugin dev` as a process. */
export interface Dev {
  readonly child: ChildProcess
  readonly url: string
  readonly port: number
  readonly data: string
  /** Its output so far. */
  readonly written: () => string
  /** Waits until its output has a text. */
  readonly says: (text: string | RegExp) => Promise<void>
  readonly ask: (path: string, options?: Ask) => Promise<Answer>
  readonly json: (path: string, options?: Ask) => Promise<unknown>
  readonly post: (path: string, json: unknown) => Promise<Answer>
  readonly events: () => Promise<Events>
  readonly exited: Promise<number | NodeJS.Signals | null>
}

type Event = {
  readonly [N in keyof ConsoleEvents]: { readonly name: N; readonly data: ConsoleEvents[N] }
}[keyof ConsoleEvents]

/** The console's stream of events. */
export interface Events {
  /** The first event, past or future, that fits. */
  readonly until: <N extends keyof ConsoleEvents>(
    name: N,
    fits: (data: ConsoleEvents[N]) => boolean,
  ) => Promise<ConsoleEvents[N]>
}

/** How long is waited for an event or an output, in milliseconds. Then the test fails. */
const TIMEOUT = 60_000

const neutral = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^TORU_|^NODE_OPTIONS$/.test(name)),
)

/** At most so many hosts of a file run at a time: each builds, asks and starts its plugins. */
const turns = taskQueue(3)

/** Waits for a turn, which ends with the test. */
const turn = (t: Teardown): Promise<void> =>
  new Promise(resolve => {
    void turns(
      () =>
        new Promise<void>(end => {
          t.teardown(end)
          resolve()
        }),
    )
  })

/**
 * Starts a development host on any port with a data directory of its own, and ends it with the
 * test.
 */
export const startDev = async (
  t: Teardown,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = {},
  data: string = join(folder(), 'data'),
): Promise<Dev> => {
  await turn(t)
  const dev = spawnDev(t, [...args, '--data', data], env)
  const url = await dev.ready()
  const port = Number(new URL(url).port)
  const ask = (path: string, options: Ask = {}): Promise<Answer> => asked(port, path, options)
  const json = async (path: string, options?: Ask): Promise<unknown> =>
    JSON.parse((await ask(path, options)).body)
  return {
    ...dev,
    url,
    port,
    data,
    ask,
    json,
    post: (path, value) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(value),
      }),
    events: () => listen(port),
  }
}

/** Leaves nothing behind if the run ends in the middle of a test. */
const started = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

const ended = async (child: ChildProcess, exited: Promise<unknown>): Promise<void> => {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await exited
  clearTimeout(timer)
  started.delete(child)
}

/** Starts it without waiting until it is ready. */
export const spawnDev = (t: Teardown, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}) => {
  const child = spawn(
    process.execPath,
    [MAIN, 'dev', ...(args.includes('--port') ? [] : ['--port', '0']), ...args],
    {
      cwd: folder(),
      env: { ...neutral, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  t.teardown(() => ended(child, exited))
  started.add(child)
  let written = ''
  const wakes = new Set<() => void>()
  const came = (text: string): void => {
    written += text
    for (const wake of wakes) wake()
  }
  child.stdout.setEncoding('utf8').on('data', came)
  child.stderr.setEncoding('utf8').on('data', came)
  let over = false
  const exited = new Promise<number | NodeJS.Signals | null>(resolve => {
    child.once('close', (code, signal) => {
      over = true
      for (const wake of wakes) wake()
      resolve(code ?? signal)
    })
  })
  const found = (text: string | RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        wakes.delete(look)
        reject(new Error(`it did not say ${text} within ${TIMEOUT / 1_000} s:\n${written}`))
      }, TIMEOUT)
      const look = (): void => {
        const match =
          typeof text === 'string'
            ? written.includes(text)
              ? text
              : undefined
            : text.exec(written)?.[0]
        if (match === undefined && !over) return
        wakes.delete(look)
        clearTimeout(timer)
        if (match === undefined) reject(new Error(`it ended without saying ${text}:\n${written}`))
        else resolve(match)
      }
      wakes.add(look)
      look()
    })
  const says = async (text: string | RegExp): Promise<void> => void (await found(text))
  return { child, exited, written: () => written, says, ready: () => found(/http:\/\/\S+/) }
}

const asked = (
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Ask,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request(
      { port, host: '127.0.0.1', path, method, headers, agent: false },
      response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

const listen = (port: number): Promise<Events> =>
  new Promise((resolve, reject) => {
    const came: Event[] = []
    const wakes = new Set<() => void>()
    let rest = ''
    const sent = request(
      { port, host: '127.0.0.1', path: '/api/dev/events', agent: false },
      response => {
        response.setEncoding('utf8').on('data', (text: string) => {
          const blocks = (rest + text).split('\n\n')
          rest = blocks.pop() ?? ''
          for (const block of blocks) {
            const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? []
            if (name !== undefined && data !== undefined)
              came.push({ name, data: JSON.parse(data) } as Event)
          }
          for (const wake of wakes) wake()
        })
        response.on('error', () => undefined)
        resolve({
          until: (name, fits) =>
            new Promise((found, fail) => {
              let next = 0
              const timer = setTimeout(() => {
                wakes.delete(look)
                fail(
                  new Error(
                    `no such ${name} event within ${TIMEOUT / 1_000} s; there were: ${JSON.stringify(came.slice(-8)).slice(0, 4_000)}`,
                  ),
                )
              }, TIMEOUT)
              const look = (): void => {
                for (; next < came.length; next++) {
                  const event = came[next]
                  if (event?.name !== name || !(fits as (data: unknown) => boolean)(event.data))
                    continue
                  wakes.delete(look)
                  clearTimeout(timer)
                  return found(event.data as never)
                }
              }
              wakes.add(look)
              look()
            }),
        })
      },
    )
    sent.on('error', reject)
    sent.end()
  })

/** The first plugin that fits, now or later. */
export const pluginThat = async (
  events: Events,
  fits: (plugin: ConsolePlugin) => boolean,
): Promise<ConsolePlugin> => {
  const { plugins } = await events.until('state', () => true)
  return plugins.find(fits) ?? events.until('plugin', fits)
}

/** A folder with `.binary` files: for each name the text of the file, or the puppet. */
export const pluginsFolder = (
  files: Readonly<Record<string, string | 'puppet'>> = { 'puppet.binary': 'puppet' },
): string => {
  const place = join(folder(), 'plugins')
  mkdirSync(place)
  for (const [name, text] of Object.entries(files)) {
    const file = join(place, name)
    if (text === 'puppet')
      copyFileSync(join(ROOT, 'spec', 'fixtures', 'devhost', 'puppet.py'), file)
    else writeFileSync(file, text)
    chmodSync(file, 0o755)
  }
  return place
}
