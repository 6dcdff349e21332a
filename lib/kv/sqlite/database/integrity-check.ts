import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { SqliteConnection, SqliteDriver } from '../driver/driver.js'
import { fault, kindOf, type SqliteFault, tried } from '../driver/fault.js'
import { sizeOf } from './files.js'

/**
 * A database and its log above this size, in bytes, are checked in a worker: reading 8 MiB takes
 * some 16 ms, in which nothing else would run.
 */
const LARGE = 8_388_608

const CHECK = 'PRAGMA quick_check(1)'

/**
 * Reads a whole database and looks whether it is sound; a `damaged` fault says what is not.
 *
 * It is opened for reading only: to close a database that may be written to would clear its log
 * away. Where that cannot be because a transaction was cut short in the middle, there is no fault:
 * whoever opens it for writing undoes it.
 */
export const check = async (
  driver: SqliteDriver,
  file: string,
): Promise<Either<SqliteFault, void>> => {
  const aside =
    sizeOf(file) + sizeOf(`${file}-wal`) > LARGE ? await checkInWorker(driver, file) : undefined
  const result = aside ?? checkHere(driver, file)
  return E.isLeft(result) && result.left.kind === 'read-only' ? E.right(undefined) : result
}

const checkHere = (driver: SqliteDriver, file: string): Either<SqliteFault, void> => {
  const opened = tried(driver, () => driver.open(file, 'read-only'))
  if (E.isLeft(opened)) return opened
  const rows = tried(driver, () => rowsOf(opened.right))
  tried(driver, () => opened.right.close())
  return E.isLeft(rows) ? rows : verdict(rows.right)
}

const rowsOf = (connection: SqliteConnection): ReadonlyArray<string> => {
  connection.exec('PRAGMA busy_timeout = 0')
  return connection
    .prepare(CHECK)
    .all()
    .map(row => String(row.quick_check))
}

const verdict = (findings: ReadonlyArray<string>): Either<SqliteFault, void> =>
  findings.every(finding => finding === 'ok')
    ? E.right(undefined)
    : E.left(fault('damaged', findings.join('; ')))

/**
 * The same in a worker, while the event loop goes on. None where the worker could not do it.
 *
 * The worker is made from text, so that it is found wherever a bundler puts this module. A lock
 * holds up nobody but the worker, which waits a second for it.
 */
export const checkInWorker = (
  driver: SqliteDriver,
  file: string,
): Promise<Either<SqliteFault, void> | undefined> => {
  const { opener } = driver
  if (opener === undefined) return Promise.resolve(undefined)
  return new Promise(resolve => {
    try {
      // Loaded here, for few plugins ever need it.
      const { Worker } = process.getBuiltinModule('node:worker_threads')
      const worker = new Worker(workerSource(opener), {
        eval: true,
        workerData: file,
        stderr: true,
      })
      worker.once('message', (message: unknown) => resolve(read(message)))
      worker.once('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
    } catch {
      resolve(undefined)
    }
  })
}

const Report = t.union([
  t.type({ findings: t.array(t.string) }),
  t.type({ code: t.union([t.number, t.undefined]), message: t.string }),
])

const read = (message: unknown): Either<SqliteFault, void> | undefined => {
  if (!Report.is(message)) return undefined
  if ('findings' in message) return verdict(message.findings)
  return message.code === undefined
    ? undefined
    : E.left(fault(kindOf(message.code), new Error(message.message)))
}

const workerSource = (opener: string): string => `
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const open = ${opener}
  const check = async () => {
    const connection = await open(workerData)
    try {
      connection.exec('PRAGMA busy_timeout = 1000')
      return connection.prepare('${CHECK}').all().map(row => String(row.quick_check))
    } finally {
      connection.close()
    }
  }
  check().then(
    findings => parentPort.postMessage({ findings }),
    error => parentPort.postMessage({ code: error.errcode ?? error.rawCode, message: String(error.message) }),
  )
`
