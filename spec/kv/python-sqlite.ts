import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import type { ExecutionContext } from 'ava'

/** Why this machine has no other native SQLite; undefined where it has. */
export const noPython: string | undefined =
  spawnSync('python3', ['-c', 'import sqlite3']).status === 0
    ? undefined
    : 'it needs python3 with sqlite3'

const RUN = `
import json, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    print(json.dumps([list(row) for row in connection.execute(sys.argv[2])]))
except sqlite3.OperationalError as error:
    print(json.dumps(str(error)))
`

/** Runs one statement in Python's SQLite: its rows, or its error as text. It waits for no lock. */
export const inPython = (file: string, sql: string): unknown =>
  JSON.parse(execFileSync('python3', ['-c', RUN, file, sql], { encoding: 'utf8' }))

const WATCH = `
import json, sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
print('watching', flush=True)
while True:
    try:
        connection.execute('BEGIN IMMEDIATE')
        connection.execute('ROLLBACK')
        time.sleep(0.001)
    except sqlite3.OperationalError as error:
        rows = [list(row) for row in connection.execute(sys.argv[2])]
        print(json.dumps([str(error), rows]), flush=True)
        break
`

/**
 * Tries to take the lock for writing until it is refused, and then runs a query. Yields, once it
 * tries, what says how that went: the error and the rows.
 */
export const refusedInPython = async (
  t: ExecutionContext,
  file: string,
  sql: string,
): Promise<() => Promise<unknown>> => {
  const child = spawn('python3', ['-c', WATCH, file, sql], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const said = once(child.stdout, 'data')
  return async () => JSON.parse(String((await said)[0]))
}

const HOLD = `
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
connection.execute('BEGIN IMMEDIATE')
print('locked', flush=True)
sys.stdin.read()
connection.execute('COMMIT')
`

/** Holds the lock for writing in Python's SQLite until the function that it yields is called. */
export const holdInPython = async (
  t: ExecutionContext,
  file: string,
): Promise<() => Promise<void>> => {
  const child = spawn('python3', ['-c', HOLD, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return async () => {
    child.stdin.end()
    await once(child, 'exit')
  }
}
