import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { Get, Plugin, Post } from '../../lib/index.js'
import { explore } from '../../lib/reflect/explore.js'
import { announce } from '../../lib/runtime/announcement.js'
import { makeLogger } from '../../lib/runtime/log/logger.js'
import { isObject } from '../support/messages.js'

@Plugin({ id: 'notes', name: 'Notes', version: '2.0.0', icon: '🗒️', route: '/notes' })
class Notes {
  @Post('/add')
  add() {
    return 1
  }
  @Get('/all')
  all() {
    return 2
  }
}

const messagesOf = (byHand: boolean): ReadonlyArray<string> => {
  const declaration = explore(new Notes())
  if (E.isLeft(declaration)) throw new Error('the class is wrong')
  const messages: string[] = []
  const sink = {
    write: (line: string) => {
      const entry: unknown = JSON.parse(line)
      messages.push(isObject(entry) ? String(entry.message) : line)
    },
    flushSync: () => undefined,
  }
  announce(
    declaration.right,
    '/run/a.sock',
    byHand,
    makeLogger({ pluginId: 'notes', level: 'info', sink, pretty: false }).log,
  )
  return messages
}

test('the host gets one entry', t => {
  t.deepEqual(messagesOf(false), ['Notes 2.0.0 (notes) listens on /run/a.sock'])
})

test('a person who started the plugin by hand gets a command that asks for a route', t => {
  const [first, hint, command = '', ...others] = messagesOf(true)
  t.deepEqual([first, others], ['Notes 2.0.0 (notes) listens on /run/a.sock', []])
  t.regex(String(hint), /^it was started by hand: .*Ctrl-C stops it; --help explains\./)
  const [, message = '', rest] = /^echo '(.*)' (.*)$/.exec(command) ?? []
  t.is(rest, '| socat -t 5 - UNIX-CONNECT:/run/a.sock')
  t.deepEqual(JSON.parse(message), {
    type: 'http',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: '1',
    payload: { method: 'GET', path: '/all', headers: {}, body: null },
  })
})
