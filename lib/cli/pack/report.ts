import { HOST_START_TIMEOUT } from '../../domain/host.js'
import type { Sqlite } from './carry-sqlite.js'
import { sizeText } from './files.js'
import type { Packed } from './pack.js'

/** The lines of the report on a packed plugin. */
export const reportLines = ({
  id,
  version,
  file,
  size,
  frontend,
  sqlite,
  trial,
}: Packed): ReadonlyArray<string> => [
  `${file}  ${id} ${version}, ${sizeText(size)}`,
  ...(frontend === undefined ? [] : [`${frontend.file}  ${sizeText(frontend.size)}`]),
  sqliteLine(sqlite),
  ...(trial === undefined
    ? []
    : [
        `--metadata in ${ms(trial.metadataMs)}, socket after ${ms(trial.socketMs)} (a host waits ${HOST_START_TIMEOUT} ms), ` +
          `${trial.request.method} ${trial.request.path} answered ${trial.request.status} ` +
          `in ${ms(trial.request.ms)}`,
      ]),
]

const sqliteLine = (sqlite: Sqlite): string =>
  sqlite._tag === 'Carried'
    ? `carries SQLite (libsql ${sqlite.version}) for Node.js before 22.13 on ${sqlite.systems.join(', ')}`
    : `carries no SQLite: ${sqlite.because}`

/** Warnings about a packed plugin that works here. */
export const warningsOf = ({ warnings, trial }: Packed): ReadonlyArray<string> => [
  ...warnings,
  ...(trial !== undefined && trial.socketMs > HOST_START_TIMEOUT
    ? [
        `the socket took ${ms(trial.socketMs)}: a host that waits ${HOST_START_TIMEOUT} ms ` +
          'gives up on it when it starts',
      ]
    : []),
  ...(trial !== undefined && trial.request.status >= 500
    ? [`${trial.request.method} ${trial.request.path} was answered with ${trial.request.status}`]
    : []),
]

const ms = (time: number): string => `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`
