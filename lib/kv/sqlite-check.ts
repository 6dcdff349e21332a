import { Worker } from 'node:worker_threads'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js'
import { fault, kindOf, type SqliteFault, tried } from './sqlite-fault.js'

const CHECK = 'PRAGMA quick_check(1)'

/** Reads a whole database and looks whether it is sound; a `damaged` fault says what is not. It takes about 2 ms for a MiB, in which nothing else runs. */
export const check = (driver: SqliteDriver, connection: SqliteConnection): Either<SqliteFault, void> => {
  const rows = tried(driver, () => connection.prepare(CHECK).all())
  return E.isLeft(rows) ? rows : verdict(rows.right.map(row => String(row.quick_check)))
}

const verdict = (findings: ReadonlyArray<string>): Either<SqliteFault, void> =>
  findings.every(finding => finding === 'ok') ? E.right(undefined) : E.left(fault('damaged', findings.join('; ')))

/**
 * The same in a worker, while the event loop goes on. None where there can be no worker.
 *
 * The worker is made from text, so that it is found wherever a bundler puts this module. A lock holds up nobody but the worker, which waits a second for it.
 */
export const checkAside = (driver: SqliteDriver, file: string): Promise<Either<SqliteFault, void> | undefined> => {
  const { opener } = driver
  if (opener === undefined) return Promise.resolve(undefined)
  return new Promise(resolve => {
    try {
      const worker = new Worker(workerSource(opener), { eval: true, workerData: file, stderr: true })
      worker.once('message', (message: unknown) => resolve(read(message)))
      worker.once('error', () => resolve(undefined))
      worker.once('exit', () => resolve(undefined))
    } catch {
      resolve(undefined)
    }
  })
}

const Report = t.union([t.type({ findings: t.array(t.string) }), t.type({ code: t.union([t.number, t.undefined]), message: t.string })])

const read = (message: unknown): Either<SqliteFault, void> | undefined => {
  if (!Report.is(message)) return undefined
  return 'findings' in message ? verdict(message.findings) : E.left(fault(kindOf(message.code), new Error(message.message)))
}

const workerSource = (opener: string): string => `
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const open = ${opener}
  const check = async () => {
    const connection = await open(workerData)
    connection.exec('PRAGMA busy_timeout = 1000')
    return connection.prepare('${CHECK}').all().map(row => String(row.quick_check))
  }
  check().then(
    findings => parentPort.postMessage({ findings }),
    error => parentPort.postMessage({ code: error.errcode ?? error.rawCode, message: String(error.message) }),
  )
`
