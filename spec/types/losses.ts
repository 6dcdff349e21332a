// Compiled under both kinds of decorators and never run: see routes.ts. What JSON would change or
// lose does not compile where the type shows it, at the top and inside.
import type { Readable } from 'node:stream'
import {
  Every,
  Get,
  type HttpRequest,
  type HttpResponse,
  json,
  notFound,
  OnInit,
  type PluginContext,
  type PluginError,
  Use,
} from 'toru-plugin-api'
import { E, type O, pipe, TE, t } from 'toru-plugin-api/fp'

type Json =
  | null
  | boolean
  | number
  | string
  | ReadonlyArray<Json>
  | { readonly [name: string]: Json }
type Branded = string & t.Brand<{ readonly Id: unique symbol }['Id'] & string>

interface Tree {
  readonly name: string
  readonly up?: Tree
  readonly children: ReadonlyArray<Tree>
}

class Note {
  readonly parent = () => new Note()
  readonly title: string = 'a'
  readonly at = new Date()
  summary(): string {
    return this.title
  }
  async save(): Promise<void> {}
  load(): TE.TaskEither<PluginError, string> {
    return TE.right(this.title)
  }
  get size(): number {
    return 5
  }
}

class Shown {
  readonly notes = new Map<string, Note>()
  toJSON(): { readonly notes: number } {
    return { notes: this.notes.size }
  }
}

/** An answer with the fields of an Error is not one. */
interface Message {
  readonly name: string
  readonly message: string
}

declare const flag: boolean
declare const anything: unknown
declare const tree: Tree
declare const parsed: Json
declare const id: Branded
declare const option: O.Option<Note>
declare const mixed: string | { readonly a?: number } | ReadonlyArray<null> | undefined
declare const tuple: readonly [a: string, b?: number]
declare const stream: Readable

export class RightAnswers {
  @Get('/json')
  json() {
    return parsed
  }
  @Get('/tree')
  tree() {
    return { tree, option, id, mixed, tuple }
  }
  @Get('/unknown')
  unknown() {
    return { anything, any: JSON.parse('1'), object: {} as object, list: [anything] }
  }
  @Get('/class')
  class() {
    return [new Note(), new URL('http://a'), new Shown(), new Date()]
  }
  @Get('/record')
  record(): Record<string, Message> {
    return {}
  }
  @Get('/optional')
  optional(): { a?: string; b: string | undefined; c: null } {
    return { b: undefined, c: null }
  }
  @Get('/fetch')
  fetch(req: HttpRequest) {
    return fetch('http://a', { signal: req.signal })
  }
  @Get('/fetch-or')
  async fetchOr() {
    return flag ? new Response('a') : E.right(flag ? new Response('b') : { a: 1 })
  }
  @Get('/fetch-te')
  fetchTask() {
    return TE.tryCatch(
      () => fetch('http://a'),
      () => notFound('no'),
    )
  }
  @Get('/fetch-codec', { response: t.string })
  fetchWithCodec() {
    return flag ? fetch('http://a') : 'a'
  }
  @Get('/error')
  error() {
    return flag ? notFound('no') : { a: 1 }
  }
  @Get('/error-later', { response: t.string })
  async errorWithCodec() {
    return flag ? notFound('no') : 'a'
  }
  @Get('/errors', { response: t.string })
  async onlyError(): Promise<PluginError> {
    return notFound('no')
  }
  @Get('/response')
  response(): HttpResponse {
    return json({ a: 1 })
  }
  @Get('/allowed')
  allowed() {
    return { failed: notFound('no'), enum: flag ? ('a' as const) : 5 }
  }
  @Use(() => () => new Response('a'))
  @Get('/request')
  request(req: HttpRequest) {
    return { headers: req.headers, query: req.query }
  }
  // What a hook returns is not sent.
  @OnInit
  init() {
    return { map: new Map(), start: async () => E.right(1) }
  }
  @Every('1 m')
  every() {
    return new Map()
  }
}

export class WrongTops {
  // @ts-expect-error An Error is {} in JSON.
  @Get('/error')
  error() {
    return new TypeError('a')
  }
  // @ts-expect-error It is on the right side.
  @Get('/right')
  right() {
    return TE.right(new Error('a'))
  }
  // @ts-expect-error An Either of an Either is not flattened.
  @Get('/twice')
  twice() {
    return TE.right(E.right(1))
  }
  // @ts-expect-error A TaskEither inside is not run.
  @Get('/program')
  program(_req: HttpRequest, ctx: PluginContext) {
    return TE.right(ctx.kv.get('a'))
  }
  // @ts-expect-error A promise inside is not awaited.
  @Get('/promise')
  promise() {
    return E.right(Promise.resolve(1))
  }
  // @ts-expect-error A generator is {} in JSON.
  @Get('/generator')
  *generator() {
    yield 1
  }
  // @ts-expect-error So is one that is asynchronous.
  @Get('/async-generator')
  async *asyncGenerator() {
    yield 1
  }
  // @ts-expect-error The insides of a stream would be sent.
  @Get('/stream')
  stream() {
    return stream
  }
  // @ts-expect-error A web stream is {}.
  @Get('/web')
  web() {
    return new ReadableStream()
  }
  // @ts-expect-error A Blob is {}.
  @Get('/blob')
  async blob() {
    return new Blob(['a'])
  }
  // @ts-expect-error A RegExp is {}.
  @Get('/regexp')
  regexp() {
    return /a/
  }
  // @ts-expect-error A WeakMap is {}.
  @Get('/weak')
  weak() {
    return new WeakMap()
  }
  // @ts-expect-error What fetch takes are no answers.
  @Get('/headers')
  headers() {
    return new Headers()
  }
}

export class WrongHooks {
  // @ts-expect-error The program on the right side is not run.
  @OnInit
  init(ctx: PluginContext) {
    return pipe(
      ctx.kv.get('a'),
      TE.map(() => ctx.kv.set('a', 'b')),
    )
  }
}

export class WrongInside {
  // @ts-expect-error visits is a ReaderTaskEither.
  @Get('/reader')
  reader() {
    return { visits: (ctx: PluginContext) => ctx.kv.get('visits') }
  }
  // @ts-expect-error visits is a TaskEither.
  @Get('/program')
  program(_req: HttpRequest, ctx: PluginContext) {
    return { visits: ctx.kv.get('visits'), up: true }
  }
  // @ts-expect-error visits is a promise.
  @Get('/promise')
  async promise(_req: HttpRequest, ctx: PluginContext) {
    return { visits: ctx.kv.get('visits')(), up: true }
  }
  // @ts-expect-error a list of promises
  @Get('/list')
  list() {
    return [1, 2].map(async n => n)
  }
  // @ts-expect-error json was given a list of promises.
  @Get('/json')
  json() {
    return json({ list: [1, 2].map(async n => n) })
  }
  // @ts-expect-error It is on the right side, and deep.
  @Get('/deep')
  deep() {
    return TE.right([{ a: { b: new Set([1]) } }])
  }
  // @ts-expect-error one of several
  @Get('/union')
  union() {
    return flag ? { a: 1 } : { a: 1n }
  }
  // @ts-expect-error It may be missing, and is bytes if it is there.
  @Get('/optional')
  optional(): { a?: Uint8Array } {
    return {}
  }
  // @ts-expect-error undefined would be null in an array.
  @Get('/undefined')
  undefinedInArray(): ReadonlyArray<string | undefined> {
    return []
  }
  // @ts-expect-error an error that was caught
  @Get('/error')
  error() {
    return { ok: false, error: new Error('a') }
  }
  // @ts-expect-error Dictionaries are looked at.
  @Get('/record')
  record(): Record<string, bigint> {
    return {}
  }
  // @ts-expect-error So is what toJSON returns.
  @Get('/to-json')
  toJson() {
    return { a: { toJSON: () => 1n } }
  }
  // @ts-expect-error a Response that is not the answer itself
  @Get('/fetch')
  async fetch() {
    return { answer: await fetch('http://a') }
  }
  // @ts-expect-error a symbol
  @Get('/symbol')
  symbol() {
    return pipe({ a: Symbol('a') }, E.right)
  }
}

/** The functions of `before` get what their codecs decode, and make what the cell holds. */
export const cells = (ctx: PluginContext) => {
  const Visits = t.type({ count: t.number })
  ctx.kv.cell('visits', Visits, {
    before: [
      [t.string, text => ({ count: text.length })],
      [t.type({ n: t.number }), old => ({ count: old.n })],
    ],
  })
  // @ts-expect-error The cell holds no texts.
  ctx.kv.cell('visits', Visits, { before: [[t.string, text => text]] })
  // @ts-expect-error The old value has no length.
  ctx.kv.cell('visits', Visits, { before: [[t.number, old => ({ count: old.length })]] })
}
