import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { CASES } from '../../../lib/cli/check/cases/index.js'
import { junitOf } from '../../../lib/cli/check/report/junit.js'
import { reportOf } from '../../../lib/cli/check/report/report.js'
import { python, pythonTest } from '../../fixtures/python.js'
import { ROOT } from '../../support/packed-project.js'
import { folder, startPlugin } from '../../support/plugin-process.js'
import { casesIn, check, faulty, foundIn, HELLO } from './checker.js'

const write = (text: string): string => {
  const file = join(folder(), 'file.txt')
  writeFileSync(file, text)
  return file
}

test('the table in docs/check.md is the list of cases', t => {
  const rows = [
    ...readFileSync(join(ROOT, 'docs/check.md'), 'utf8').matchAll(
      /^\| `([a-z0-9-]+)` \| (.*) \| (.*) \| (.*) \| (.*) \|$/gm,
    ),
  ].map(row => row.slice(1))
  const needs = { file: 'starts its own', own: 'one for itself', shared: 'a shared one' }
  t.deepEqual(
    rows,
    CASES.map(({ id, title, levels, needs: what }) => [
      id,
      title,
      levels.host ?? '',
      levels.documented ?? '',
      needs[what],
    ]),
  )
})

test('every case has an id of its own, and needs only cases that there are', t => {
  const ids = CASES.map(({ id }) => id)
  t.is(new Set(ids).size, ids.length)
  t.deepEqual(
    CASES.flatMap(({ after }) => after).filter(id => !ids.includes(id)),
    [],
  )
})

test('a live plugin is checked through its socket, goes on running, and what would start or end it is skipped with the reason', async t => {
  const plugin = await startPlugin(t, '', { file: HELLO })
  const checked = await check([plugin.path, '--json'])
  const cases = casesIn(checked)
  t.deepEqual(foundIn(cases), {})
  t.is(checked.code, 0)
  const needs = new Map(CASES.map(one => [one.id, one.needs]))
  for (const { id, status, reason } of cases) {
    t.is(status, needs.get(id) === 'file' ? 'skipped' : 'passed', id)
    if (status === 'skipped')
      t.regex(reason ?? '', /the target is the socket of a live one: name the file/)
  }
  t.is(plugin.child.exitCode, null)
})

test('an expected failure is none, and one that passes is', async t => {
  const args = [faulty('status-text.js'), '--case', 'start-socket', '--case', 'answer-status']
  const good = await check([
    ...args,
    '--expected-failures',
    write('# known\nanswer-status  # a string\n'),
  ])
  t.is(good.code, 0, good.stdout)
  t.regex(good.stdout, /2 cases: 1 passed, 1 expected to fail/)
  const stale = await check([
    ...args,
    '--expected-failures',
    write('answer-status\nstart-socket\n'),
  ])
  t.is(stale.code, 1)
  t.regex(
    stale.stdout,
    /stale +start-socket[^\n]*\n +it passes: remove it from the file of expected failures/,
  )
})

test('a command line that is wrong says so and ends with 2', async t => {
  for (const [args, said] of [
    [['/nowhere/plugin.binary'], /nowhere\/plugin\.binary does not exist/],
    [[ROOT], /is a folder/],
    [[], /check needs \[target\]/],
    [[HELLO, '--case', 'no-such'], /has no case no-such/],
    [[HELLO, '--timeout', 'soon'], /--timeout soon: expected seconds/],
    [[HELLO, '--profile', 'strict'], /--profile strict: expected host or documented/],
    [[HELLO, '--expected-failures', write('no-such\n')], /names unknown cases: no-such/],
    [[HELLO, '--expected-failures', '/nowhere/list'], /cannot be read/],
  ] as const) {
    const { code, stderr } = await check(args)
    t.is(code, 2, stderr)
    t.regex(stderr, said)
  }
})

test('a file that cannot be executed is the only fault of it', async t => {
  const checked = await check([write('#!/bin/sh\n'), '--json'])
  t.regex(foundIn(casesIn(checked))['error file-executable'] ?? '', /got mode 06/)
  t.deepEqual(Object.keys(foundIn(casesIn(checked))), ['error file-executable'])
})

test('--list shows the cases of a profile', async t => {
  const listed = await check(['--list', '--json', '--profile', 'documented'])
  t.deepEqual(
    JSON.parse(listed.stdout).map(({ id, level }: { id: string; level: string }) => [id, level]),
    CASES.flatMap(({ id, levels }) =>
      levels.documented === undefined ? [] : [[id, levels.documented]],
    ),
  )
})

pythonTest('the table says what was expected, what came and what to do', async t => {
  const { stdout } = await check([faulty('other-route.py'), '--case', 'metadata-frontend'])
  t.regex(
    stdout,
    /^warning +metadata-frontend .*\n +warning: expected "\/snake"\n +got "\/reptiles"\n +make the route "\/snake"/m,
  )
  t.regex(stdout, /1 cases: 1 passed, in .* s\n0 errors, 1 warning, 0 notes\n$/)
})

const PARSE = `
import json, sys, xml.etree.ElementTree as ET
root = ET.parse(sys.argv[1]).getroot()
print(json.dumps([root.tag, [[s.tag, s.get('tests'), s.get('failures'), s.get('skipped'),
  [[c.get('name').split(':')[0], [[e.tag, (e.get('message') or '') + (e.text or '')] for e in c]] for c in s]] for s in root]]))`

pythonTest('JUnit XML is read by another language, control characters and all', async t => {
  const finding = {
    case: 'b',
    expected: 'a < b & "c"',
    got: 'bell \u0007, half \ud83d, escape \u001b[31m',
    advice: "don't ]]>",
    level: 'error',
  } as const
  const file = write(
    junitOf(
      reportOf(
        { _tag: 'File', file: '/a & b' },
        'host',
        [
          {
            id: 'a',
            title: 'passes',
            status: 'passed',
            findings: [{ ...finding, level: 'note' }],
            ms: 5,
          },
          { id: 'b', title: 'fails', status: 'failed', findings: [finding], ms: 5 },
          { id: 'c', title: 'skipped', status: 'skipped', findings: [], reason: 'needs b', ms: 0 },
          { id: 'd', title: 'stale', status: 'passed', findings: [], ms: 0 },
          { id: 'e', title: 'expected', status: 'failed', findings: [finding], ms: 0 },
        ],
        ['d', 'e'],
        10,
      ),
    ),
  )
  const got = 'bell \ufffd, half \ufffd, escape \ufffd[31m'
  const text = (level: string): string => `${level}: expected a < b & "c"\ngot ${got}\ndon't ]]>`
  t.deepEqual(await python(PARSE, [file]), [
    'testsuites',
    [
      [
        'testsuite',
        '5',
        '2',
        '2',
        [
          ['a', [['system-out', text('note')]]],
          ['b', [['failure', `expected a < b & "c"; got ${got}${text('error')}`]]],
          ['c', [['skipped', 'needs b']]],
          ['d', [['failure', 'it passes: remove it from the file of expected failures']]],
          [
            'e',
            [
              ['skipped', 'it fails as expected'],
              ['system-out', text('error')],
            ],
          ],
        ],
      ],
    ],
  ])
})

pythonTest('--junit writes the file of a run', async t => {
  const file = join(folder(), 'check.xml')
  const { code } = await check([faulty('bad-id.py'), '--case', 'metadata-id', '--junit', file])
  t.is(code, 1)
  const [, [[, tests, failures]]] = (await python(PARSE, [file])) as [
    string,
    [[string, string, string]],
  ]
  t.deepEqual([tests, failures], ['1', '1'])
  t.is(
    (await check([faulty('bad-id.py'), '--case', 'metadata-id', '--junit', '/nowhere/check.xml']))
      .code,
    1,
  )
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in its midst leaves no process and no folder behind`, async t => {
    const { code, left } = await check([faulty('status-text.js')], (pid, place) => {
      // As soon as a plugin listens.
      const look = setInterval(() => {
        if (
          !readdirSync(place, { recursive: true, encoding: 'utf8' }).some(name =>
            name.endsWith('.sock'),
          )
        )
          return
        clearInterval(look)
        process.kill(pid, signal)
      }, 5)
    })
    t.is(code, null)
    t.deepEqual(left, [])
  })
}
