import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Capabilities } from '../../lib/dispatch/capabilities.js'
import { httpProgram } from '../../lib/dispatch/http.js'
import { kvProgram } from '../../lib/dispatch/kv.js'
import type { Clock } from '../../lib/domain/clock.js'
import type { Logger, LogMethod, PluginContext } from '../../lib/domain/context.js'
import type {
  HttpAnswer,
  HttpMessage,
  KvAnswer,
  KvMessage,
  Peer,
} from '../../lib/domain/message.js'
import type { Outcome } from '../../lib/domain/outcome.js'
import { withCells } from '../../lib/kv/cell.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import type { Declaration } from '../../lib/reflect/declaration.js'
import { explore } from '../../lib/reflect/explore.js'
import type { Problem } from '../../lib/reflect/problem.js'

export const METADATA = {
  id: 'notes',
  name: 'Notes',
  version: '1.0.0',
  icon: '🗒️',
  route: '/notes',
} as const

/** What a plugin object declares, or an error with its problems. */
export const declarationOf = (plugin: object): Declaration => {
  const explored = explore(plugin)
  if (E.isRight(explored)) return explored.right
  throw new Error(JSON.stringify(explored.left, null, 2))
}

/** What is wrong with a plugin object. */
export const problemsOf = (plugin: object): ReadonlyArray<Problem> => {
  const explored = explore(plugin)
  return E.isLeft(explored) ? explored.left : []
}

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  readonly advance: (ms: number) => void
  /** How many calls are still to come. */
  readonly waiting: () => number
}

export const fakeClock = (): FakeClock => {
  let now = 0
  const timers = new Set<{ readonly at: number; readonly f: () => void }>()
  return {
    now: () => now,
    after: (ms, f) => {
      const timer = { at: now + ms, f }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: ms => {
      now += ms
      for (const timer of timers) {
        if (timer.at > now) continue
        timers.delete(timer)
        timer.f()
      }
    },
    waiting: () => timers.size,
  }
}

/** A log that keeps what was written: `info {"handler":"Notes.one"} GET / answered 404`. */
export const recordingLog = (): Logger & {
  readonly entries: Array<readonly [level: string, message: string, fields?: unknown]>
} => {
  const entries: Array<readonly [string, string, unknown?]> = []
  const at =
    (level: string): LogMethod =>
    (...args: readonly [string] | readonly [Readonly<Record<string, unknown>>, string]) =>
      entries.push(args.length === 1 ? [level, args[0]] : [level, args[1], args[0]])
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    entries,
  }
}

/** The other end of a connection, which can leave. */
export const peer = (): Peer & { readonly leave: () => void; readonly listeners: () => number } => {
  const listeners = new Set<() => void>()
  let lost = false
  return {
    get lost() {
      return lost
    },
    onLost: f => {
      if (!lost) listeners.add(f)
      return () => listeners.delete(f)
    },
    leave: () => {
      lost = true
      for (const f of listeners) f()
      listeners.clear()
    },
    listeners: () => listeners.size,
  }
}

/** A request with what a test says of it. */
export const request = (said: Partial<HttpMessage> = {}): HttpMessage => ({
  _tag: 'Http',
  requestId: 'r1',
  method: 'GET',
  path: '/',
  pathDecoded: true,
  headers: {},
  body: null,
  ...said,
})

/**
 * A plugin object with its programs, its log and its clock. `ready` stands for what `@OnInit` gave.
 */
export const running = (
  plugin: object,
  ready?: () => Outcome<PluginContext>,
  checkAnswers?: boolean,
) => {
  const declaration = declarationOf(plugin)
  const [log, clock] = [recordingLog(), fakeClock()]
  const kv = withCells(memoryKv(), { version: METADATA.version, log })
  const context: PluginContext = {
    instanceId: O.some('i1'),
    kv,
    log,
    clock,
    config: {},
    metadata: declaration.metadata,
  }
  const capabilities: Capabilities = { log, clock, ready: ready ?? (() => E.right(context)) }
  const [http, kvOf] = [httpProgram(declaration, checkAnswers), kvProgram(declaration)]
  return {
    declaration,
    log,
    clock,
    context,
    ask: (said: Partial<HttpMessage> = {}, from: Peer = peer()): HttpAnswer | Promise<HttpAnswer> =>
      http({ message: request(said), peer: from, capabilities }),
    kv: (action: KvMessage['action'], key: string, value?: string): KvAnswer | Promise<KvAnswer> =>
      kvOf({ message: { _tag: 'Kv', requestId: null, action, key, value }, capabilities }),
  }
}

/** An answer with a JSON body, as it should come. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
