import { join } from 'node:path'
import test from 'ava'
import { command, ROOT } from '../support/packed-project.js'

const tour = join(ROOT, 'dist', 'lib', 'devhost', 'tour.js')

test('the tour of the hello sample shows every message and its answer, and ends with the plugin', async t => {
  const { code, stdout } = await command(process.execPath, [tour, join(ROOT, 'dist', 'samples', 'hello', 'main.js')], ROOT)
  t.is(code, 0, stdout)
  t.deepEqual(
    [...stdout.matchAll(/^ {3}── (.*)$/gm)].map(([, what]) => what),
    ['init', 'GET /', 'POST /data', 'GET /nowhere', 'KV get initialized', 'KV set theme', 'KV get theme', 'KV delete theme', 'shutdown'],
  )
  const answers = [...stdout.matchAll(/^ {5}← (.*)$/gm)].map(([, text = '']) => JSON.parse(text).payload)
  t.deepEqual(
    answers.map(payload => (payload.type === 'kv' ? payload.value : JSON.parse(payload.payload.body))),
    [
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"status":"ok","message":"Hello from plugin!"}' },
      { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"status":"created"}' },
      {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
        body: '{"error":"InvalidRequest","message":"there is no route GET /nowhere"}',
      },
      'true',
      null,
      'dark',
      null,
    ],
  )
  t.regex(stdout, /The plugin ended with exit code 0\./)
})

test('the tour of something that is no plugin ends early, with the reason', async t => {
  const { code, stderr } = await command(process.execPath, [tour, join(ROOT, 'package.json')], ROOT)
  t.is(code, 1)
  t.regex(stderr, /the tour ended early/)
})

test('the tour without a plugin says how to use it', async t => {
  const { code, stderr } = await command(process.execPath, [tour], ROOT)
  t.is(code, 64)
  t.regex(stderr, /usage: /)
})
