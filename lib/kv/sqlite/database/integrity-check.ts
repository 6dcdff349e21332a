import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import type { SqliteConnection, SqliteDriver } from '../driver/driver.js'
import { fault, kindOf, type SqliteFault, trySqlite } from '../driver/fault.js'
import { withConnection } from './connect.js'
import { sizeOf } from './files.js'

/**
 * The size of a database with its log, in bytes, above which a worker checks it. Reading 8 MiB
 * takes about 16 ms, in which nothing else would run.
 */
const MAX_CHECKED_HERE = 8_388_608

const CHECK = 'PRAGMA quick_check(1)'

/**
 * Reads a whole database. A `damaged` fault says what is not sound.
 *
 * The database is opened for reading only, because closing one that is open for writing would empty
 * its log. A transaction that was cut short in the middle prevents that. It is no fault: whoever
 * opens the database for writing rolls it back.
 */
export const checkIntegrity =
  (driver: SqliteDriver, file: string): TaskEither<SqliteFault, void> =>
  async () => {
    const isLarge = sizeOf(file) + sizeOf(`${file}-wal`) > MAX_CHECKED_HERE
    const result =
      (isLarge ? await checkInWorker(driver, file) : undefined) ?? checkHere(driver, file)
    return E.isLeft(result) && result.left.kind === 'read-only' ? E.right(undefined) : result
  }

const checkHere = (driver: SqliteDriver, file: string): Either<SqliteFault, void> =>
  withConnection(driver, file, 'read-only', connection =>
    pipe(
      trySqlite(driver, () => findingsOf(connection)),
      E.chain(verdict),
    ),
  )

const findingsOf = (connection: SqliteConnection): ReadonlyArray<string> =>
  connection
    .prepare(CHECK)
    .all()
    .map(row => String(row.quick_check))

const verdict = (findings: ReadonlyArray<string>): Either<SqliteFault, void> =>
  findings.every(finding => finding === 'ok')
    ? E.right(undefined)
    : E.left(fault('damaged', findings.join('; ')))

/**
 * Checks a database in a worker, while the event loop goes on. None if the worker could not do it.
 *
 * The worker is made from text, so that a bundler need not find it. It waits a second for a lock,
 * which blocks nothing else.
 */
export const checkInWorker = (
  driver: SqliteDriver,
  file: string,
): Promise<Either<SqliteFault, void> | undefined> => {
  const { opener } = driver
  if (opener === undefined) return Promise.resolve(undefined)
  return new Promise(resolve => {
    try {
      // Loaded here because few plugins ever need it.
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
    ({ errcode, rawCode, message }) =>
      parentPort.postMessage({ code: errcode ?? rawCode, message: String(message) }),
  )
`
