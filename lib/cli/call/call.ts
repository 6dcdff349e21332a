import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type DialectName,
  dialects,
  framings,
  type HostMessage,
  type Reply,
} from '../../protocol.js'
import { type CliError, usageError } from '../cli-error.js'
import type { Work } from '../command.js'
import type { ExitCode } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import { dataOf } from './data.js'
import { type Exchange, type ExchangeOptions, exchange } from './exchange.js'
import { lifecycle, messageOf, type Wanted } from './message.js'
import { rawLines, type ShowOptions, show, sizeOf } from './show.js'
import { type Target, withTarget } from './target.js'
import { type Facts, summary, writeOut } from './write-out.js'

/** The options of `toru-plugin call`. */
export interface CallOptions extends ShowOptions {
  readonly header: ReadonlyArray<string>
  readonly data: ReadonlyArray<string>
  readonly request?: string
  readonly writeOut?: true | string
  readonly raw?: true
  readonly verbose?: true
  readonly dialect: DialectName
  readonly lines?: true
  readonly pathAsIs?: true
  readonly init?: true
  /** In seconds, as text. */
  readonly timeout: string
}

/** Sends one message to a plugin and shows what comes of it. */
export const call = (
  terminal: Terminal,
  plugin: string,
  words: ReadonlyArray<string>,
  options: CallOptions,
): Work =>
  pipe(
    TE.Do,
    TE.bind('timeout', () => TE.fromEither(millisecondsOf(options.timeout))),
    TE.bind('told', () => TE.fromEither(tellerOf(options.writeOut))),
    TE.bind('data', () => dataOf(options.data)),
    TE.let(
      'wanted',
      ({ data }) =>
        (socket: string): Wanted => ({
          words,
          method: options.request,
          headers: options.header,
          data,
          socket,
          decodePath: options.dialect === 'tagged' && !options.pathAsIs,
        }),
    ),
    // What is wrong with the words is said before a plugin is started for them.
    TE.chainFirstEitherK(({ wanted }) => messageOf(wanted(''))),
    TE.chain(({ timeout, told, wanted }) =>
      withTarget(plugin, terminal, options.verbose, target =>
        onTarget(terminal, target, wanted(target.path), timeout, told, options),
      ),
    ),
  )

const NOTHING: TaskEither<CliError, undefined | Exchange> = TE.right(undefined)

type Teller = (terminal: Terminal, facts: Facts) => void

const onTarget = (
  terminal: Terminal,
  { path, started }: Target,
  wanted: Wanted,
  timeout: number,
  told: Teller,
  options: CallOptions,
): TaskEither<CliError, ExitCode> => {
  const common = {
    path,
    dialect: dialects[options.dialect],
    framing: framings[options.lines ? 'lines' : 'frames'],
    timeout,
  }
  return pipe(
    TE.fromEither(messageOf(wanted)),
    TE.chainFirst(() =>
      options.init ? exchanged(terminal, common, options, lifecycle('init', path)) : NOTHING,
    ),
    TE.bindTo('message'),
    TE.bind('exchange', ({ message }) => exchanged(terminal, common, options, message)),
    TE.chainEitherK(({ message, exchange: { reply, measures } }) => {
      const answer = O.map(({ answer }: Reply) => answer)(reply)
      const status =
        O.isSome(answer) && answer.value._tag === 'HttpAnswer' ? answer.value.status : 0
      const facts: Facts = {
        status,
        bodySize: sizeOf(answer),
        started: started?.socketAfter,
        measures,
      }
      return pipe(
        show(terminal, message, answer, facts, options),
        E.map(code => {
          told(terminal, facts)
          return code
        }),
      )
    }),
  )
}

/** One exchange, with its bytes shown where that is wanted: also those of one that failed. */
const exchanged = (
  terminal: Terminal,
  common: Omit<ExchangeOptions, 'onBytes'>,
  { raw }: CallOptions,
  message: HostMessage,
): TaskEither<CliError, Exchange> => {
  if (!raw) return exchange({ ...common, onBytes: () => undefined }, message)
  const bytes = { sent: new Uint8Array(), received: new Uint8Array() }
  const onBytes: ExchangeOptions['onBytes'] = (direction, chunk) => {
    bytes[direction] = Buffer.concat([bytes[direction], chunk])
  }
  return async () => {
    const result = await exchange({ ...common, onBytes }, message)()
    for (const line of rawLines('>', bytes.sent, common.framing.name)) terminal.note(line)
    for (const line of rawLines('<', bytes.received, common.framing.name)) terminal.note(line)
    return result
  }
}

const LONGEST_TIMEOUT = 2_147_483

const millisecondsOf = (seconds: string): E.Either<CliError, number> => {
  const value = Number(seconds)
  return value > 0 && value <= LONGEST_TIMEOUT
    ? E.right(value * 1000)
    : E.left(
        usageError(
          `--timeout ${seconds}: expected seconds, more than 0 and at most ${LONGEST_TIMEOUT}`,
        ),
      )
}

const tellerOf = (format: true | string | undefined): E.Either<CliError, Teller> => {
  if (format === undefined) return E.right(() => undefined)
  if (format === true) return E.right((terminal, facts) => terminal.note(summary(facts)))
  return pipe(
    writeOut(format),
    E.map(
      (text): Teller =>
        (terminal, facts) =>
          terminal.write(text(facts)),
    ),
  )
}
