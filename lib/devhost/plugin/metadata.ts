import { join } from 'node:path'
import { ID_PATTERN, MAX_NAME_BYTES } from '../../domain/host.js'
import { E, pipe, t } from '../../fp.js'
import type { ConsolePlugin } from '../console-api.js'
import {
  endInWords,
  type Launch,
  type Ran,
  runLaunch,
  type Surroundings,
} from '../process/launch.js'

/** What a plugin says of itself. */
export type Metadata = Pick<ConsolePlugin, 'id' | 'name' | 'version' | 'author' | 'icon' | 'route'>

/** The real host waits without a limit. */
const PATIENCE = 10_000

const Shape = t.intersection([
  t.type({ id: t.string, name: t.string, version: t.string, icon: t.string, route: t.string }),
  t.partial({ author: t.union([t.string, t.null]) }),
])

/**
 * Runs a plugin with `--metadata` and reads what it prints by the rules of the real host. Left with
 * the reason for which it is skipped.
 */
export const metadataOf = async (
  target: Launch,
  surroundings: Surroundings,
  scratch: string,
): Promise<E.Either<string, Metadata>> => {
  const ran = await runLaunch(
    target,
    ['--metadata'],
    surroundings,
    { TORU_PLUGIN_SOCKET: join(scratch, 'metadata.sock') },
    PATIENCE,
  )
  return pipe(
    printed('--metadata', ran),
    E.chain(stdout => parsed('--metadata', stdout)),
    E.chain(metadataIn),
  )
}

/** What a plugin prints for `--describe` as JSON; left where it does not know that. */
export const descriptionOf = async (
  target: Launch,
  surroundings: Surroundings,
  scratch: string,
): Promise<E.Either<string, unknown>> => {
  const ran = await runLaunch(
    target,
    ['--describe'],
    surroundings,
    { TORU_PLUGIN_SOCKET: join(scratch, 'describe.sock') },
    PATIENCE,
  )
  return pipe(
    printed('--describe', ran),
    E.chain(stdout => parsed('--describe', stdout)),
    E.filterOrElse(t.UnknownRecord.is, () => 'what it prints for --describe is no JSON object'),
  )
}

const printed = (argument: string, ran: Ran): E.Either<string, string> => {
  if (ran.late)
    return E.left(
      `${argument} did not end within ${PATIENCE / 1_000} s: it must print, and exit with 0. (Today's host would wait for ever, and start no plugin at all.)`,
    )
  if (ran.code !== 0) return E.left(`with ${argument} ${endInWords(ran)}${said(ran.stderr)}`)
  return E.right(ran.stdout)
}

const said = (stderr: string): string =>
  stderr.trim() === '' ? '' : `; it says:\n${stderr.trim().slice(-4_000)}`

const parsed = (argument: string, text: string): E.Either<string, unknown> =>
  E.tryCatch(
    (): unknown => JSON.parse(text),
    () =>
      `what it prints for ${argument} is not JSON: ${text === '' ? 'nothing' : JSON.stringify(text.slice(0, 200))}. The host parses all of stdout`,
  )

/** Parsed metadata by the rules of the host. */
export const metadataIn = (json: unknown): E.Either<string, Metadata> => {
  if (!Shape.is(json))
    return E.left(
      `its metadata needs id, name, version, icon and route, all of them strings, and may have an author; it is ${JSON.stringify(json)}`,
    )
  const { id, name, version, icon, route, author = null } = json
  if (!ID_PATTERN.test(id))
    return E.left(`its id is ${JSON.stringify(id)}: only A-Z a-z 0-9 and - are allowed`)
  if (!route.startsWith('/') || route.includes('..'))
    return E.left(`its route is ${JSON.stringify(route)}: it must begin with "/" and hold no ".."`)
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    return E.left(
      `its name has ${Buffer.byteLength(name)} bytes: at most ${MAX_NAME_BYTES} are allowed`,
    )
  if (author !== null && Buffer.byteLength(author) > MAX_NAME_BYTES)
    return E.left(
      `its author has ${Buffer.byteLength(author)} bytes: at most ${MAX_NAME_BYTES} are allowed`,
    )
  return E.right({ id, name, version, author, icon, route })
}

/**
 * Why nothing will ever reach a plugin whose route the host accepts; `undefined` where something
 * does.
 */
export const unreachable = ({ route }: Metadata): string | undefined =>
  /^\/[^/?#]+$/.test(route)
    ? undefined
    : `its route is ${JSON.stringify(route)}: the host looks plugins up by one segment, such as "/notes", so nothing will reach it`
