import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { describe } from '../../../lib/cli/describe.js'
import { pythonTest } from '../../fixtures/python.js'
import { ROOT } from '../../support/packed-project.js'
import { pluginText, tscProject } from '../../support/packing.js'
import { folder, pluginFile } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

// One after the other: each starts a plugin, and all at once would take each other's time.

const CATALOG = pluginFile('catalog')
const TYPED = pluginFile('typed')

/** A file that can be run by itself. */
const executable = (text: string, mode = 0o755): string => {
  const file = join(folder(), 'some.binary')
  writeFileSync(file, text, { mode })
  return file
}

test.serial(
  'the routes are listed with their handlers and codecs, and what else the plugin declares',
  async t => {
    const { code, stdout } = await toruPlugin('routes', CATALOG)
    t.is(code, 0)
    t.is(
      stdout,
      `Catalog 2.1.0, at /api/plugins/route/catalog

METHOD  PATH            HANDLER          TAKES
GET     /               Catalog.list
GET     /all            Catalog.list
GET     /:id            Catalog.one      params { id: string }, query ({ page: NumberFromString } & Partial<{ tag: Array<string> }>)
DELETE  /:item          Catalog.remove
PUT     /:id            Catalog.replace  headers Partial<{ if-match: string, x-count: string }>, body Item
POST    /search         Catalog.search   query Range
GET     /:rest/files/*  Catalog.files

KV handlers

KEY      HANDLER        VALUE
prefs/*  Catalog.prefs

Hooks and background work

WHEN         HANDLER
at init      Catalog.ready
every 5 m    Catalog.tidy
at shutdown  Catalog.bye
`,
    )
  },
)

test.serial('--json is the description as the plugin prints it', async t => {
  const { code, stdout } = await toruPlugin('routes', CATALOG, '--json')
  t.is(code, 0)
  const description = JSON.parse(stdout)
  t.is(description.metadata.id, 'catalog')
  t.is(description.routes.length, 7)
})

test.serial('TypeScript is compiled as its project does, and type errors are told', async t => {
  const root = tscProject({ 'src/main.ts': `${pluginText({})}\nexport const wrong: string = 1` })
  const { code, stdout, stderr } = await toruPlugin('routes', join(root, 'src/main.ts'))
  t.is(code, 0)
  t.is(stdout, (await toruPlugin('routes', join(root, 'dist/src/main.js'))).stdout)
  t.regex(stdout, /Small\.hello/)
  t.regex(stderr, /^type error: .*\/src\/main\.ts:8:14: TS2322: Type 'number' is not .*\n$/)
})

const text = { type: 'string' }
const answers = {
  '2XX': { description: 'What the handler answers.' },
  default: { $ref: '#/components/responses/Error' },
}
const id = { name: 'id', in: 'path', required: true, schema: text }

test.serial('--openapi is a valid OpenAPI 3.1 document of the paths and codecs', async t => {
  const { code, stdout } = await toruPlugin('routes', CATALOG, '--openapi')
  t.is(code, 0)
  const document = JSON.parse(stdout)
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  t.true(valid, JSON.stringify(errors))
  t.regex(document.openapi, /^3\.1\./)
  t.deepEqual(document.info, { title: 'Catalog', version: '2.1.0' })
  t.is(document.servers[0].url, '/api/plugins/route/catalog')
  t.deepEqual(document.paths, {
    '/': { get: { operationId: 'Catalog.list', responses: answers } },
    '/all': { get: { operationId: 'Catalog.list_2', responses: answers } },
    '/{id}': {
      get: {
        operationId: 'Catalog.one',
        parameters: [
          id,
          {
            name: 'page',
            in: 'query',
            required: true,
            schema: { type: 'string', pattern: '^[0-9]+$' },
          },
          { name: 'tag', in: 'query', required: false, schema: { type: 'array', items: text } },
        ],
        responses: answers,
      },
      // It is the same path, so it has the name that stands there.
      delete: { operationId: 'Catalog.remove', parameters: [id], responses: answers },
      put: {
        operationId: 'Catalog.replace',
        parameters: [
          id,
          { name: 'if-match', in: 'header', required: false, schema: text },
          { name: 'x-count', in: 'header', required: false, schema: text },
        ],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                allOf: [
                  {
                    type: 'object',
                    properties: { title: text, size: { type: 'number' } },
                    required: ['title', 'size'],
                  },
                  { type: 'object', properties: { title: { enum: ['a', 'b'] } } },
                ],
              },
            },
          },
        },
        responses: answers,
      },
    },
    '/search': {
      post: {
        operationId: 'Catalog.search',
        parameters: [
          {
            name: 'query',
            in: 'query',
            required: true,
            style: 'form',
            explode: true,
            schema: {
              anyOf: [
                { type: 'object', properties: { from: text }, required: ['from'] },
                { type: 'object', properties: { until: text }, required: ['until'] },
              ],
            },
          },
        ],
        responses: answers,
      },
    },
    '/{rest}/files/{rest_}': {
      get: {
        operationId: 'Catalog.files',
        parameters: [
          { name: 'rest', in: 'path', required: true, schema: text },
          {
            name: 'rest_',
            in: 'path',
            required: true,
            schema: text,
            description: 'the rest of the path, slashes included',
          },
        ],
        responses: answers,
      },
    },
  })
})

test.serial('a response codec is in the listing and is the schema of the answer', async t => {
  const listed = await toruPlugin('routes', TYPED)
  t.regex(
    listed.stdout,
    /^METHOD +PATH +HANDLER +ANSWERS +TAKES\n(.*\n)*GET +\/notes\/:id +Typed\.one +Note\n/m,
  )
  const { code, stdout, stderr } = await toruPlugin('routes', TYPED, '--openapi')
  t.is(code, 0, stderr)
  const document = JSON.parse(stdout)
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  t.true(valid, JSON.stringify(errors))
  t.deepEqual(document.paths['/state'].patch.responses, {
    ...answers,
    '2XX': { ...answers['2XX'], content: { 'application/json': { schema: { const: 'ok' } } } },
  })
  t.deepEqual(document.paths['/notes/{id}'].delete.responses, answers)
})

test.serial('every sample has a valid document', async t => {
  for (const name of ['hello', 'notes']) {
    const { code, stdout } = await toruPlugin(
      'routes',
      join(ROOT, 'dist', 'samples', name, 'main.js'),
      '--openapi',
    )
    t.is(code, 0)
    t.true((await new Validator().validate(JSON.parse(stdout))).valid)
  }
})

test.serial(
  'the document is written to a file, and the file may be named before or after the entry',
  async t => {
    const file = join(folder(), 'catalog.json')
    const { code, stdout, stderr } = await toruPlugin('routes', CATALOG, '--openapi', file)
    t.deepEqual({ code, stdout, stderr }, { code: 0, stdout: '', stderr: `wrote ${file}\n` })
    t.is(readFileSync(file, 'utf8'), (await toruPlugin('routes', '--openapi', CATALOG)).stdout)
    const failed = await toruPlugin(
      'routes',
      CATALOG,
      '--openapi',
      join(file, 'under', 'a-file.json'),
    )
    t.is(failed.code, 1)
    t.regex(failed.stderr, /cannot be written: ENOTDIR/)
  },
)

test.serial('a codec without a structure costs its own part of the document', async t => {
  const { code, stdout, stderr } = await toruPlugin('routes', pluginFile('opaque'), '--openapi')
  t.is(code, 0)
  const NO_STRUCTURE = 'the codec "NumberFromString" has no structure that can be described'
  t.deepEqual(stderr.trimEnd().split('\n'), [
    'warning: these parts take any value, because the structure of a codec cannot be seen:',
    `  Opaque.list (GET /), query: the codec.filter.page: ${NO_STRUCTURE}`,
    `  Opaque.page (GET /:page), params: the codec.page: ${NO_STRUCTURE}`,
    '  Opaque.page (GET /:page), query: the codec: the codec "Filter" has no structure that can be described',
    `  Opaque.page (GET /:page), response: the codec: ${NO_STRUCTURE}`,
    `  Opaque.add (POST /), body: the codec[].page: ${NO_STRUCTURE}`,
    '  Opaque.list (GET /), headers: the codec "Either" does not name its headers',
    '  Use the combinators of io-ts, or give the codec a schema:',
    "  described(codec, { type: 'string' }) from toru-plugin-api",
  ])
  const document = JSON.parse(stdout)
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  t.true(valid, JSON.stringify(errors))
  const pages = {
    type: 'object',
    properties: { page: { $comment: NO_STRUCTURE } },
    required: ['page'],
  }
  t.deepEqual(document.paths['/'], {
    get: {
      operationId: 'Opaque.list',
      parameters: [{ name: 'filter', in: 'query', required: true, schema: pages }],
      responses: answers,
    },
    post: {
      operationId: 'Opaque.add',
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { type: 'array', items: pages } } },
      },
      responses: answers,
    },
  })
  const listed = await toruPlugin('routes', pluginFile('opaque'))
  t.is(listed.code, 0)
  t.regex(listed.stdout, /body Array<\{ page: NumberFromString \}> \(incomplete JSON Schema\)/)
})

test.serial('a codec that refers to itself is a schema with a name', async t => {
  const { code, stdout, stderr } = await toruPlugin('routes', pluginFile('recursive'), '--openapi')
  t.deepEqual([code, stderr], [0, ''])
  const document = JSON.parse(stdout)
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(document))
  t.true(valid, JSON.stringify(errors))
  // It finds what every reference refers to, or throws.
  t.truthy(validator.resolveRefs())
  const { Error: _error, ...schemas } = document.components.schemas
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  const array = (items: object) => ({ type: 'array', items })
  const object = (properties: object, ...required: string[]) => ({
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
  })
  t.deepEqual(schemas, {
    Tree: object({ value: text, children: array(ref('Tree')) }, 'value', 'children'),
    Tree_2: {
      allOf: [object({ value: { type: 'number' } }, 'value'), object({ next: ref('Tree_2') })],
    },
    Side: { enum: ['left', 'right'] },
    json_value: {
      anyOf: [
        text,
        { type: 'number' },
        { type: 'boolean' },
        { type: 'null' },
        array(ref('json_value')),
        { type: 'object', additionalProperties: ref('json_value') },
      ],
    },
    Filter: object({ tag: text }, 'tag'),
    Folder: object({ files: array(ref('File')) }, 'files'),
    File: object(
      { name: text, within: { anyOf: [ref('Folder'), { type: 'null' }] } },
      'name',
      'within',
    ),
  })
  t.deepEqual(
    document.paths['/trees'].post.requestBody.content['application/json'].schema,
    ref('Tree'),
  )
  t.deepEqual(document.paths['/folders'].get.parameters, [
    { name: 'tag', in: 'query', required: true, schema: text },
  ])
})

for (const [what, args, code, said] of [
  ['no entry', [], 2, /the plugin's file is missing/],
  [
    'an entry that does not exist',
    ['/nowhere/main.js'],
    2,
    /\/nowhere\/main\.js does not exist\n {2}Name a plugin's file/,
  ],
  ['a directory', [ROOT], 2, /is a folder/],
  ['two forms at once', [CATALOG, '--json', '--openapi'], 2, /exclude each other/],
  [
    'a file that cannot be executed',
    [executable('#!/bin/sh\n', 0o644)],
    1,
    /EACCES\n {2}If it is a plugin, make it executable: chmod \+x /,
  ],
  [
    'a plugin that fails',
    [executable('#!/bin/sh\necho no such option >&2\nexit 3\n')],
    1,
    /ended with exit code 3; it wrote: no such option/,
  ],
  [
    'a plugin that prints something else',
    [executable('#!/bin/sh\necho hello\n')],
    1,
    /is not JSON: expected .* on stdout, got "hello\\n"/,
  ],
  [
    'a plugin that prints other JSON',
    [executable('#!/bin/sh\necho {}\n')],
    1,
    /is no description: Invalid value undefined/,
  ],
] as const) {
  test.serial(`${what} is an error that says what to do`, async t => {
    const result = await toruPlugin('routes', ...args)
    t.is(result.code, code, result.stderr)
    t.regex(result.stderr, said)
    t.is(result.stdout, '')
  })
}

test.serial('TypeScript that cannot be compiled is shown with its place', async t => {
  const root = tscProject({ 'src/main.ts': 'const = 5' }, { noEmitOnError: true })
  const { code, stderr } = await toruPlugin('routes', join(root, 'src/main.ts'))
  t.is(code, 1)
  t.regex(stderr, /src\/main\.ts was not compiled:[\s\S]*src\/main\.ts:1:7: TS1134: /)
})

test.serial(
  'a plugin that starts to serve instead is stopped, and never had the real socket',
  async t => {
    const place = join(folder(), 'socket')
    const file = executable(`#!/bin/sh\necho "$TORU_PLUGIN_SOCKET $$" > ${place}\nexec sleep 600\n`)
    const result = await describe(file, 500)()
    t.true(E.isLeft(result) && /--describe did not end within 0\.5 s/.test(result.left.message))
    const [socket = '', pid] = readFileSync(place, 'utf8').trim().split(' ')
    t.regex(socket, /toru-ask-.*\/describe\.sock$/)
    t.throws(() => process.kill(Number(pid), 0), { code: 'ESRCH' })
  },
)

pythonTest('a plugin in another language that knows --describe is understood', async t => {
  const file = executable(`#!/usr/bin/env python3
import json, sys
assert sys.argv[1:] == ['--describe']
codec = {'name': 'Note', 'schema': {'type': 'object'}}
print(json.dumps({
  'describe': 1, 'metadata': {'id': 'py', 'name': 'Py', 'version': '1', 'icon': '🐍', 'route': '/py'},
  'routes': [{'method': 'POST', 'path': '/notes/:id', 'handler': 'add', 'params': ['id'], 'codecs': {'body': codec}}],
  'kv': [], 'onInit': [], 'onShutdown': [], 'every': [], 'options': {}, 'config': None,
}))
`)
  const { code, stdout } = await toruPlugin('routes', file, '--openapi')
  t.is(code, 0)
  const document = JSON.parse(stdout)
  t.true((await new Validator().validate(structuredClone(document))).valid)
  t.deepEqual(document.paths['/notes/{id}'].post.requestBody.content['application/json'].schema, {
    type: 'object',
  })
})
