import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { statOf } from '../../runtime/supervision/process-stat.js'
import { type CliError, failure } from '../cli-error.js'
import { readJson } from '../doctor/json-file.js'
import type { Given } from './answers.js'
import { Choices } from './plan.js'

const Begun = t.readonly(
  t.intersection([
    t.type({
      choices: Choices,
      /** The dependency in `package.json`. */
      spec: t.string,
      /** Who is at work. A process id and its start time together name one process. */
      process: t.type({ pid: t.number, startTime: t.string }),
    }),
    /** What was typed, of which the choices say no more. */
    t.partial({ project: t.string, api: t.string }),
  ]),
)

/** A project that was begun, and is not finished. */
export type Begun = t.TypeOf<typeof Begun>

/**
 * The folder in a project that says that it is not finished. Git ignores it. Files are written here
 * first, so that no half of one is ever in its place.
 */
export const unfinishedFolder = (folder: string): string => join(folder, '.toru-plugin-new')

const placeOf = (folder: string): string => join(unfinishedFolder(folder), 'begun.json')

/** What was begun in a folder, if it is not finished. Left while another process is at work. */
export const begunIn = (folder: string): E.Either<CliError, O.Option<Begun>> => {
  const begun = pipe(readJson(placeOf(folder), false), E.chainW(Begun.decode), O.fromEither)
  return pipe(
    begun,
    O.filter(isAtWork),
    O.match(
      () => E.right(begun),
      ({ process: { pid } }) =>
        E.left(
          failure(
            `toru-plugin new is at work in ${folder}: the process ${pid}`,
            'Wait until it has ended, or end it.',
          ),
        ),
    ),
  )
}

const isAtWork = ({ process: { pid, startTime } }: Begun): boolean =>
  pid !== process.pid &&
  O.exists<{ startTime: string; state: string }>(
    stat => stat.startTime === startTime && stat.state !== 'Z',
  )(statOf(pid))

/** What is begun now, by this process. */
export const beginning = (choices: Choices, spec: string, { project, api }: Given): Begun => ({
  choices,
  spec,
  process: thisProcess(),
  ...(project === undefined ? {} : { project }),
  ...(api === undefined ? {} : { api }),
})

/** This process, to be recognised by another. */
export const thisProcess = (): Begun['process'] => ({
  pid: process.pid,
  startTime: pipe(
    statOf(process.pid),
    O.match(
      () => '',
      stat => stat.startTime,
    ),
  ),
})

/** The project that was begun. Left if something else is asked for now. */
export const sameProject =
  (folder: string, given: Given) =>
  (begun: Begun): E.Either<CliError, Begun> => {
    const { project, api, choices } = begun
    const before: Record<keyof Given, string | boolean | undefined> = { ...choices, project, api }
    const other = FIELDS.find(field => given[field] !== undefined && given[field] !== before[field])
    return other === undefined
      ? E.right(begun)
      : E.left(
          failure(
            `${folder} was begun with another ${other}: ${JSON.stringify(before[other] ?? null)}, ` +
              `not ${JSON.stringify(given[other])}`,
            `Repeat the command that began it, or remove ${folder} and start anew.`,
          ),
        )
  }

const FIELDS = [
  ...(['project', 'id', 'name', 'author', 'icon', 'route'] as const),
  ...(['decorators', 'frontend', 'api'] as const),
]

/** Notes what is begun in a folder, which has its {@link unfinishedFolder} already. May throw. */
export const begin = (folder: string, begun: Begun): void => {
  writeFileSync(join(unfinishedFolder(folder), '.gitignore'), '*\n')
  writeInto(folder, placeOf(folder), `${JSON.stringify(begun)}\n`)
}

/** Writes a file of a project that was begun: all of it or nothing. May throw. */
export const writeInto = (folder: string, path: string, content: string | Uint8Array): void => {
  const next = join(unfinishedFolder(folder), 'next')
  writeFileSync(next, content)
  renameSync(next, path)
}

/** Notes that a project is finished. May throw. */
export const finish = (folder: string): void =>
  rmSync(unfinishedFolder(folder), { recursive: true, force: true })
