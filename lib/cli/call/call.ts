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
import { commandLine } from '../guess.js'
import { kindAt } from '../path-argument.js'
import type { Terminal } from '../terminal.js'
import { MAX_TIMER, timeoutOf } from '../timeout-option.js'
import { dataOf } from './data.js'
import { lifecycle, messageOf, type Wanted } from './message.js'
import { type Called, type CallTarget, send } from './send.js'
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

/** Sends one message to a plugin and shows the answer. */
export const call = (
  terminal: Terminal,
  plugin: string,
  words: ReadonlyArray<string>,
  options: CallOptions,
): Work =>
  pipe(
    TE.fromEither(pluginFirst(plugin, words)),
    TE.bindTo('order'),
    TE.bind('timeout', () => TE.fromEither(timeoutOf(options.timeout, MAX_TIMER))),
    TE.bind('report', () => TE.fromEither(reporterOf(options.writeOut))),
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
    // Checked before a plugin is started.
    TE.chainFirstEitherK(({ wanted }) => messageOf(wanted(''))),
    TE.chain(({ timeout, report, wanted }) =>
      withTarget(plugin, terminal, options.verbose, target =>
        onTarget(terminal, target, wanted(target.path), timeout, report, options),
      ),
    ),
  )

/** A usage error where the plugin is not the first of the arguments. */
const pluginFirst = (plugin: string, words: ReadonlyArray<string>): E.Either<CliError, void> => {
  const isPlugin = (word: string): boolean => ['file', 'socket'].includes(kindAt(word))
  const other = isPlugin(plugin) ? undefined : words.find(isPlugin)
  const inOrder = [other ?? '', plugin, ...words.filter(word => word !== other)]
  return other === undefined
    ? E.right(undefined)
    : E.left(
        usageError(
          `the plugin comes before what to send, and ${JSON.stringify(plugin)} is none`,
          `In order: ${commandLine(['toru-plugin', 'call', ...inOrder])}`,
        ),
      )
}

type Reporter = (terminal: Terminal, facts: Facts) => void

const onTarget = (
  terminal: Terminal,
  { path, started }: Target,
  wanted: Wanted,
  timeout: number,
  report: Reporter,
  options: CallOptions,
): TaskEither<CliError, ExitCode> => {
  const to: CallTarget = {
    path,
    dialect: dialects[options.dialect],
    framing: framings[options.lines ? 'lines' : 'frames'],
    timeout,
  }
  return pipe(
    TE.fromEither(messageOf(wanted)),
    TE.chainFirst(() =>
      options.init
        ? TE.map(() => undefined)(sent(terminal, to, options, lifecycle('init', path)))
        : TE.right(undefined),
    ),
    TE.bindTo('message'),
    TE.bind('called', ({ message }) => sent(terminal, to, options, message)),
    TE.chainEitherK(({ message, called: { reply, measures } }) => {
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
          report(terminal, facts)
          return code
        }),
      )
    }),
  )
}

/** Sends a message. With `--raw` the bytes are shown, also where it failed. */
const sent = (
  terminal: Terminal,
  to: CallTarget,
  { raw }: CallOptions,
  message: HostMessage,
): TaskEither<CliError, Pick<Called, 'measures'> & { readonly reply: O.Option<Reply> }> =>
  pipe(
    () => send(to, message),
    TE.chainEitherK(({ reply, measures }) => {
      if (raw) {
        for (const line of rawLines('>', measures.sent, to.framing.name)) terminal.note(line)
        for (const line of rawLines('<', measures.received, to.framing.name)) terminal.note(line)
      }
      return pipe(
        reply,
        E.map(reply => ({ reply, measures })),
      )
    }),
  )

const reporterOf = (format: true | string | undefined): E.Either<CliError, Reporter> => {
  if (format === undefined) return E.right(() => undefined)
  if (format === true) return E.right((terminal, facts) => terminal.note(summary(facts)))
  return pipe(
    writeOut(format),
    E.map(
      (text): Reporter =>
        (terminal, facts) =>
          terminal.write(text(facts)),
    ),
  )
}
