import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { Get, Kv, OnInit, OnShutdown, Plugin, Post } from '../../decorators/index.js'
import { secret } from '../../lib/codec/secret.js'
import { DEFAULTS } from '../../lib/domain/plugin-definition.js'
import { describe } from '../../lib/reflect/describe.js'
import { declarationOf, METADATA } from '../dispatch/harness.js'

const Title = io.type({ title: io.string }, 'Title')
const TITLE = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }

const NO_STRUCTURE = 'the codec "NumberFromString" has no structure that can be described'

test('a plugin without anything is described', t => {
  @Plugin(METADATA)
  class Notes {}
  t.deepEqual(describe(declarationOf(new Notes())), {
    describe: 1,
    metadata: METADATA,
    routes: [],
    kv: [],
    onInit: [],
    onShutdown: [],
    every: [],
    options: DEFAULTS,
    config: null,
  })
})

test('everything that a plugin declares is described as JSON, and a codec without a structure is named with its place', t => {
  @Plugin(METADATA, { config: io.type({ TOKEN: secret(io.string) }, 'Config'), httpTimeout: 5 })
  class Notes {
    @Get('/:id/files/*', { params: io.type({ id: NumberFromString, '*': io.string }, 'Params') })
    one() {
      return 1
    }
    @Post('/', { body: Title, response: NumberFromString })
    add() {
      return 1
    }
    @Kv('theme')
    theme() {}
    @Kv('prefs/*', Title)
    prefs() {}
    @OnInit
    begin() {}
    @OnShutdown
    end() {}
  }
  const description = describe(declarationOf(new Notes()))
  t.deepEqual(JSON.parse(JSON.stringify(description)), {
    describe: 1,
    metadata: METADATA,
    routes: [
      {
        method: 'GET',
        path: '/:id/files/*',
        handler: 'Notes.one',
        params: ['id', '*'],
        codecs: {
          params: {
            name: 'Params',
            schema: {
              type: 'object',
              properties: { id: { $comment: NO_STRUCTURE }, '*': { type: 'string' } },
              required: ['id', '*'],
            },
            reason: `the codec.id: ${NO_STRUCTURE}`,
          },
        },
      },
      {
        method: 'POST',
        path: '/',
        handler: 'Notes.add',
        params: [],
        codecs: {
          body: { name: 'Title', schema: TITLE },
          response: {
            name: 'NumberFromString',
            schema: null,
            reason: `the codec: ${NO_STRUCTURE}`,
          },
        },
      },
    ],
    kv: [
      { key: 'theme', handler: 'Notes.theme', codec: null },
      { key: 'prefs/*', handler: 'Notes.prefs', codec: { name: 'Title', schema: TITLE } },
    ],
    onInit: ['Notes.begin'],
    onShutdown: ['Notes.end'],
    every: [],
    options: { ...DEFAULTS, httpTimeout: 5 },
    config: {
      name: 'Config',
      schema: {
        type: 'object',
        properties: { TOKEN: { type: 'string', writeOnly: true } },
        required: ['TOKEN'],
      },
    },
  })
})
