import { mkdirSync, mkdtempSync, readFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { appendTo } from '../../../lib/runtime/log/log-file.js'

const folder = (): string => mkdtempSync(join(tmpdir(), 'toru-'))

test('a log file that fails is reported once and tried again', t => {
  const directory = join(folder(), 'later')
  const path = join(directory, 'notes.log')
  const reports: string[] = []
  let now = 0
  const append = appendTo(
    path,
    (level, sentence) => reports.push(`${level}: ${sentence}`),
    () => now,
  )
  append('one')
  append('two')
  now = 6000
  append('three')
  mkdirSync(directory)
  append('four')
  now = 12_000
  append('five')
  append('six')
  t.is(readFileSync(path, 'utf8'), 'five\nsix\n')
  t.deepEqual(reports, [
    `warn: The log file ${path} cannot be written: ENOENT: no such file or directory, open ` +
      `'${path}'. It is tried again every 5 s.`,
    `info: The log file ${path} is written again; 4 lines are not in it.`,
  ])
})

test('a log file that was moved away is created again', t => {
  const path = join(folder(), 'notes.log')
  let now = 0
  const append = appendTo(
    path,
    () => t.fail(),
    () => now,
  )
  append('one')
  renameSync(path, `${path}.1`)
  now = 6000
  append('two')
  t.is(readFileSync(`${path}.1`, 'utf8'), 'one\n')
  t.is(readFileSync(path, 'utf8'), 'two\n')
})
