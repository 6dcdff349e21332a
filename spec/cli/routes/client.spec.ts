import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import { build } from 'esbuild'
import { ask } from '../../support/host.js'
import { http, responseIn } from '../../support/messages.js'
import { bin, command, ROOT } from '../../support/packed-project.js'
import { project } from '../../support/packing.js'
import { folder, pluginFile, startPlugin } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

const TYPED = pluginFile('typed')

const written = async (name = 'typed'): Promise<string> => {
  const { code, stdout, stderr } = await toruPlugin('routes', pluginFile(name), '--client', '-')
  if (code !== 0) throw new Error(stderr)
  return stdout
}

test.serial('the client is a table of types and one function', async t => {
  t.is(
    await written(),
    `// The routes of the plugin 'typed', written by \`toru-plugin routes --client\`.
// Do not edit: run the command again when the routes have changed.
import { type PanelApi, routesClient, type Scalar } from 'toru-plugin-api/frontend'

export type Draft = { title: string } & { tags?: Array<string> }

export type Note = { id: string; at: string } & Draft

export type Notes = { notes: Array<Note>; query: Record<string, unknown> }

/** What each route takes and answers. */
export type Routes = {
  get: {
    '/notes': { query?: { page?: Scalar; tag?: ReadonlyArray<Scalar> }; answer: Notes }
    '/notes/:id': { params: { id: Scalar }; answer: Note }
    '/wrong': { answer: { count: number } }
  }
  post: {
    '/notes': {
      headers?: { 'x-by'?: Scalar }
      body: Draft
      answer: { made: Draft; by: string | null }
    }
  }
  put: { '/notes/:id/files/*': { params: { id: Scalar; '*': Scalar }; answer: [string, string] } }
  patch: { '/state': { body: { state: 'up' | 'down' }; answer: 'ok' } }
  delete: { '/notes/:id': { params: { id: Scalar }; answer: unknown } }
}

/** Calls the routes: \`createClient(api).get('/')\`. */
export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)
`,
  )
})

test.serial('it is formatted, whatever is in it', async t => {
  const place = folder()
  for (const name of ['typed', 'catalog', 'workshop', 'recursive', 'opaque'])
    writeFileSync(join(place, `${name}.ts`), await written(name))
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  const style = join(folder(), 'biome.json')
  writeFileSync(
    style,
    JSON.stringify({ ...config, formatter: { ...config.formatter, lineWidth: 100 } }),
  )
  const { code, stdout, stderr } = await command(
    bin('biome'),
    ['check', '--error-on-warnings', '--config-path', style, '.'],
    place,
  )
  t.is(code, 0, stdout + stderr)
})

const USE = `import { createClient, type Note } from './client.js'
import type { PanelApi } from 'toru-plugin-api/frontend'
declare const api: PanelApi
const client = createClient(api)
export const used = async (): Promise<Note | undefined> => {
  const listed = await client.get('/notes')
  await client.get('/notes', { query: { page: 2, tag: ['a', 'b'] }, signal: AbortSignal.timeout(5) })
  const one = await client.get('/notes/:id', { params: { id: 5 } })
  await client.post('/notes', { body: { title: 'x' }, headers: { 'x-by': 'me' } })
  await client.put('/notes/:id/files/*', { params: { id: 'a', '*': 'b/c' } })
  const removed = await client.delete('/notes/:id', { params: { id: 'a' } })
  if (!one.ok) {
    const why: string = one.error.message + one.error.details?.[0]?.path
    console.log(why, one.status)
    // @ts-expect-error a failure has no body
    return one.body
  }
  const at: string = one.body.at
  // @ts-expect-error a date comes as text
  const date: Date = one.body.at
  // @ts-expect-error whether it went well has to be asked
  listed.body
  // @ts-expect-error what has no codec is unknown
  if (removed.ok) removed.body.id
  // @ts-expect-error there is no such path
  await client.get('/note')
  // @ts-expect-error there is no route of this method
  await client.head('/notes')
  // @ts-expect-error the parameter is missing
  await client.get('/notes/:id')
  // @ts-expect-error the parameter has another name
  await client.get('/notes/:id', { params: { name: 'a' } })
  // @ts-expect-error the body does not fit
  await client.post('/notes', { body: { title: 5 } })
  // @ts-expect-error it is one of two
  await client.patch('/state', { body: { state: 'sideways' } })
  // @ts-expect-error there is no such key
  await client.get('/notes', { query: { pages: 2 } })
  console.log(at, date)
  return one.body
}
`

const OPTIONS = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2022', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  noEmit: true,
  skipLibCheck: false,
}

test.serial('what it is used for is checked by the compiler, beside a backend as well', async t => {
  const root = project({ 'frontend/client.ts': await written(), 'frontend/main.ts': USE })
  for (const more of [
    {},
    {
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      exactOptionalPropertyTypes: true,
    },
  ]) {
    writeFileSync(
      join(root, 'frontend/tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...OPTIONS, ...more }, include: ['.'] }),
    )
    const { code, stdout } = await command(bin('tsc'), ['-p', 'frontend'], root)
    t.is(code, 0, stdout)
  }
})

interface Client {
  readonly [method: string]: (path: string, request?: object) => Promise<unknown>
}

type Fetch = (path: string, init: RequestInit) => Promise<Response>

/** The client as a browser would run it, bundled once. */
const creator = async (): Promise<(api: { readonly fetch: Fetch }) => Client> => {
  const root = project({ 'client.ts': await written() })
  const outfile = join(root, 'client.mjs')
  await build({
    entryPoints: [join(root, 'client.ts')],
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'silent',
  })
  const { createClient } = await import(pathToFileURL(outfile).href)
  return createClient
}

test.serial('it speaks with the plugin', async t => {
  const { path: socket } = await startPlugin(t, 'typed')
  const sent: string[] = []
  const createClient = await creator()
  const client = createClient({
    fetch: async (url, { method = '', body = null, headers = {} }) => {
      sent.push(`${method} ${url}`)
      // As the host does: the path decoded, the query as it came.
      const [path = '', query] = url.split('?')
      const request = {
        method,
        path: decodeURIComponent(path) + (query === undefined ? '' : `?${query}`),
        headers,
        body,
      }
      const lower = Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      )
      const answer = responseIn(
        await ask(
          socket,
          http('tagged', 'r', {
            ...request,
            headers: lower,
            body: body === null ? null : String(body),
          }),
        ),
      )
      const {
        status,
        headers: given,
        body: text,
      } = answer as { status: number; headers: Record<string, string>; body: string | null }
      return new Response(text, { status, headers: given })
    },
  })
  const note = { id: 'a b', at: '1970-01-01T00:00:00.000Z', title: 'First' }
  t.deepEqual(
    await client.get?.('/notes', { query: { page: 2, tag: ['a&b', 'c'], more: undefined } }),
    {
      ok: true,
      status: 200,
      body: { notes: [note], query: { page: 2, tag: ['a&b', 'c'] } },
    },
  )
  t.deepEqual(await client.get?.('/notes/:id', { params: { id: 'ü 100%#' } }), {
    ok: true,
    status: 200,
    body: { ...note, id: 'ü 100%#', title: 'One' },
  })
  t.deepEqual(
    await client.post?.('/notes', { body: { title: 'New' }, headers: { 'x-by': 'me' } }),
    {
      ok: true,
      status: 200,
      body: { made: { title: 'New' }, by: 'me' },
    },
  )
  t.deepEqual(await client.put?.('/notes/:id/files/*', { params: { id: 7, '*': 'a/b c.txt' } }), {
    ok: true,
    status: 200,
    body: ['7', 'a/b c.txt'],
  })
  t.deepEqual(await client.patch?.('/state', { body: { state: 'up' } }), {
    ok: true,
    status: 200,
    body: 'ok',
  })
  t.deepEqual(await client.delete?.('/notes/:id', { params: { id: 'a' } }), {
    ok: true,
    status: 204,
    body: undefined,
  })
  t.deepEqual(await client.post?.('/notes', { body: { title: 5 } }), {
    ok: false,
    status: 400,
    error: {
      error: 'InvalidRequest',
      message: 'body.title: expected string, got 5',
      details: [{ path: 'body.title', expected: 'string', got: '5' }],
    },
  })
  t.is(sent[0], 'GET /notes?page=2&tag=a%26b&tag=c')
  t.is(sent[1], 'GET /notes/%C3%BC%20100%25%23')
  t.is(sent[3], 'PUT /notes/7/files/a/b%20c.txt')
})

test.serial('a request that fails is an answer, whatever it fails of', async t => {
  const createClient = await creator()
  const answer = async (
    response: Response | Error,
    params: object = { id: 'a' },
  ): Promise<unknown> => {
    const fetch = () =>
      response instanceof Error ? Promise.reject(response) : Promise.resolve(response)
    return createClient({ fetch }).get?.('/notes/:id', { params })
  }
  const failed = (status: number, error: string, message: string) => ({
    ok: false,
    status,
    error: { error, message },
  })
  t.deepEqual(
    await answer(new Response('{"error":"no such plugin"}', { status: 404 })),
    failed(404, 'Host', 'no such plugin'),
  )
  t.deepEqual(
    await answer(new Response('Bad gateway', { status: 502 })),
    failed(502, 'Host', 'Bad gateway'),
  )
  t.deepEqual(await answer(new Response('', { status: 500 })), failed(500, 'Host', ''))
  t.deepEqual(await answer(new Response('null', { status: 500 })), failed(500, 'Host', 'null'))
  t.deepEqual(await answer(new Error('Failed to fetch')), failed(0, 'Browser', 'Failed to fetch'))
  t.like(await answer(new Response('{', { headers: { 'content-type': 'application/json' } })), {
    ok: false,
    status: 0,
  })
  t.deepEqual(await answer(new Response('plain')), { ok: true, status: 200, body: 'plain' })
  for (const id of ['', '.', '..', undefined]) {
    t.deepEqual(
      await answer(new Response('never asked'), { id }),
      failed(
        0,
        'Browser',
        '/notes/:id: a parameter is missing, or is one that a path cannot hold: "", "." or ".."',
      ),
    )
  }
})

test.serial(
  'it is written to frontend/client.ts, and --check says whether it is what the routes say',
  async t => {
    const root = project({})
    symlinkSync(join(ROOT, 'node_modules/io-ts-types'), join(root, 'node_modules/io-ts-types'))
    mkdirSync(join(root, 'frontend'))
    const file = join(root, 'frontend/client.ts')
    writeFileSync(join(root, 'main.js'), readFileSync(TYPED, 'utf8').replace(/\/\/# source.*/, ''))
    const entry = join(root, 'main.js')
    const stale = await toruPlugin('routes', entry, '--client', '--check')
    t.is(stale.code, 1)
    t.regex(
      stale.stderr,
      /frontend\/client\.ts is out of date\n {2}Run the same command without --check/,
    )
    t.like(await toruPlugin('routes', entry, '--client'), { code: 0, stdout: '' })
    t.is(readFileSync(file, 'utf8'), await written())
    // Another formatter's taste is no change.
    const formatted = readFileSync(file, 'utf8')
      .replaceAll("'", '"')
      .replaceAll(';', ',')
      .replace('{ state: "up" | "down" }', '{\n  state:\n    | "up"\n    | "down"\n}')
    writeFileSync(file, formatted)
    t.is((await toruPlugin('routes', entry, '--client', '--check')).code, 0)
    t.regex((await toruPlugin('routes', entry, '--client')).stderr, /is up to date already/)
    t.is(readFileSync(file, 'utf8'), formatted)
    writeFileSync(file, formatted.replace('answer: Note }', 'answer: Notes }'))
    t.is((await toruPlugin('routes', entry, '--client', '--check')).code, 1)
    const elsewhere = join(root, 'web', 'api.ts')
    t.is((await toruPlugin('routes', entry, '--client', elsewhere)).code, 0)
    t.is(readFileSync(elsewhere, 'utf8'), await written())
  },
)

test.serial('a codec without a type costs its own part, and a warning names its place', async t => {
  const { code, stdout, stderr } = await toruPlugin('routes', pluginFile('opaque'), '--client', '-')
  t.is(code, 0)
  const NO_STRUCTURE = 'the codec "NumberFromString" has no structure that can be described'
  t.deepEqual(stderr.trimEnd().split('\n'), [
    'warning: these parts take any value, because the structure of a codec cannot be seen:',
    `  Opaque.list (GET /), query: the codec.filter.page: ${NO_STRUCTURE}`,
    `  Opaque.page (GET /:page), params: the codec.page: ${NO_STRUCTURE}`,
    '  Opaque.page (GET /:page), query: the codec: the codec "Filter" has no structure that can be described',
    `  Opaque.page (GET /:page), response: the codec: ${NO_STRUCTURE}`,
    `  Opaque.add (POST /), body: the codec[].page: ${NO_STRUCTURE}`,
    '  Use the combinators of io-ts, or give the codec a schema:',
    "  described(codec, { type: 'string' }) from toru-plugin-api",
  ])
  t.is(
    stdout.slice(stdout.indexOf('export type'), stdout.indexOf('\n}\n')),
    `export type Routes = {
  get: {
    '/': {
      query: { filter: { page: Scalar | ReadonlyArray<Scalar> } }
      headers: { 'x-a': Scalar } | { 'x-b': Scalar }
      answer: unknown
    }
    '/:page': {
      params: { page: Scalar }
      query?: Record<string, Scalar | ReadonlyArray<Scalar>>
      answer: unknown /* the codec "NumberFromString" has no JSON Schema */
    }
  }
  post: {
    '/': {
      body: Array<{
        page: unknown /* the codec "NumberFromString" has no structure that can be described */
      }>
      answer: unknown
    }
  }`,
  )
})

test.serial('wrong arguments are refused', async t => {
  t.is((await toruPlugin('routes', TYPED, '--client', '--openapi')).code, 2)
  t.is((await toruPlugin('routes', TYPED, '--check')).code, 2)
  t.is((await toruPlugin('routes', '--client', '-')).code, 2)
})

test.serial('a codec that refers to itself is a type with a name', async t => {
  const client = await written('recursive')
  t.deepEqual(client.match(/(?<=export type )[A-Z]\w*(?= =)/g), [
    'Tree',
    'Tree_2',
    'Side',
    'Json_value',
    'Filter',
    'Folder',
    'File',
    'Routes',
  ])
  const root = project({
    'frontend/client.ts': client,
    'frontend/main.ts': `import { createClient, type Json_value } from './client.js'
import type { PanelApi } from 'toru-plugin-api/frontend'
declare const api: PanelApi
const client = createClient(api)
export const used = async (): Promise<Json_value> => {
  const children = [{ value: 'b', children: [] }]
  const trees = await client.post('/trees', { body: { value: 'a', children } })
  if (trees.ok) trees.body[0]?.children[0]?.children[0]?.value.trim()
  // @ts-expect-error deep within a number is no text
  await client.post('/trees', { body: { value: 'a', children: [{ value: 5, children: [] }] } })
  const list = { value: 1, next: { value: 2 } }
  await client.post('/numbers', { body: { list, shared: { left: 'left' } } })
  // @ts-expect-error it is the other codec of this name
  await client.post('/numbers', { body: { list: { value: 'a', children } } })
  const answer = await client.get('/folders', { query: { tag: 'a' } })
  if (!answer.ok) return null
  const within: { files: unknown[] } | null | undefined = answer.body.root.files[0]?.within
  // @ts-expect-error there is no such property
  answer.body.root.files[0]?.within?.name
  return [answer.body.value, { deep: [within?.files.length ?? 0] }]
}
`,
    'frontend/tsconfig.json': JSON.stringify({ compilerOptions: OPTIONS, include: ['.'] }),
  })
  const { code, stdout } = await command(bin('tsc'), ['-p', 'frontend'], root)
  t.is(code, 0, stdout)
})
