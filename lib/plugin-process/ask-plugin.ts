import { join } from 'node:path'
import { jsonFaultText } from '../domain/text/parse-json.js'
import { E, pipe, TE } from '../fp.js'
import { type PrintedJson, printedJson } from './printed-json.js'
import { type RanProcess, type RunOptions, runProcess } from './run-process.js'
import { type Command, endInWords } from './spawn-process.js'
import { removeTemporaryFolder, temporaryFolder } from './temporary-folder.js'

/** An argument with which a plugin prints something about itself as JSON, and ends. */
export type Question = '--metadata' | '--describe'

/** How to ask a plugin. */
export interface AskOptions extends RunOptions {
  /** A folder that is there, for the plugin's socket and data; a new one unless said. */
  readonly folder?: string
}

/** What a plugin printed, and how long that took, in milliseconds. */
export interface Printed {
  /** All of stdout, as a host reads it. */
  readonly stdout: string
  /** What it wrote to the descriptor for its answer; empty for a plugin that does not know it. */
  readonly answer: string
  readonly ms: number
}

/** Why a plugin's answer cannot be used. */
export type AskFailure =
  | { readonly _tag: 'NotStarted'; readonly cause: NodeJS.ErrnoException }
  | { readonly _tag: 'TimedOut'; readonly question: Question; readonly ms: number }
  | { readonly _tag: 'Failed'; readonly question: Question; readonly ran: RanProcess }
  | { readonly _tag: 'Unusable'; readonly problem: string }
  /** A host reads lines that are no part of the answer. */
  | { readonly _tag: 'Noisy'; readonly noise: ReadonlyArray<string> }

/** A failure as a sentence about the plugin, which it calls "it". */
export const askFailureText = (failure: AskFailure): string => {
  switch (failure._tag) {
    case 'NotStarted':
      return `it cannot be started: ${failure.cause.message}`
    case 'TimedOut':
      return (
        `${failure.question} did not end within ${failure.ms / 1_000} s: it must print JSON ` +
        'and exit with 0. A host waits without a limit'
      )
    case 'Failed':
      return `with ${failure.question} ${endInWords(failure.ran)}${wrote(failure.ran.stderr)}`
    case 'Unusable':
      return failure.problem
    case 'Noisy':
      return noiseText(failure.noise)
  }
}

/** What a host cannot read for these lines on stdout, and what to do. */
export const noiseText = (noise: ReadonlyArray<string>): string =>
  `it prints ${JSON.stringify((noise[0] ?? '').slice(0, MAX_NOISE))} on stdout beside its ` +
  'metadata, and a host parses all of stdout: print to stderr (console.error), or import ' +
  'toru-plugin-api before the module that prints'

/** How many characters of a line are shown. */
const MAX_NOISE = 200

/** How many characters of what it wrote to stderr are shown. */
const MAX_STDERR = 4_000

const wrote = (stderr: string): string => {
  const text = stderr.trim().slice(-MAX_STDERR)
  return text === '' ? '' : `; it wrote:${text.includes('\n') ? '\n' : ' '}${text}`
}

const TIMEOUT = 20_000

/**
 * Where a plugin finds the number of the descriptor for its answer. So nothing that a module prints
 * on stdout can hurt it.
 */
const ANSWER_FD = { TORU_ANSWER_FD: '3' }

/**
 * Runs a plugin with an argument, and yields what it prints. A plugin that does not know the
 * argument may start to serve instead: it does so on a socket and with data of its own, and is
 * killed after `timeout`.
 */
export const askPlugin =
  (
    command: Command,
    question: Question,
    { folder, timeout = TIMEOUT, env = process.env, ...options }: AskOptions = {},
  ): TE.TaskEither<AskFailure, Printed> =>
  async () => {
    const place = folder ?? temporaryFolder('ask')
    const ran = await runProcess([...command, question], {
      ...options,
      timeout,
      answers: true,
      env: {
        ...env,
        ...ANSWER_FD,
        TORU_PLUGIN_SOCKET: join(place, `${question.slice(2)}.sock`),
        TORU_DATA_DIR: join(place, 'data'),
      },
    })
    if (folder === undefined) removeTemporaryFolder(place)
    if (ran.error !== undefined) return E.left({ _tag: 'NotStarted', cause: ran.error })
    if (ran.timedOut) return E.left({ _tag: 'TimedOut', question, ms: timeout })
    return ran.code === 0
      ? E.right({ stdout: ran.stdout, answer: ran.answer, ms: ran.ms })
      : E.left({ _tag: 'Failed', question, ran })
  }

/** A key that the JSON for a question has, and hardly any that was printed besides. */
const KEYS: Readonly<Record<Question, string>> = { '--metadata': 'route', '--describe': 'describe' }

/** The JSON that a plugin prints for a question: see {@link askPlugin}. */
export const askJson = (
  command: Command,
  question: Question,
  options?: AskOptions,
): TE.TaskEither<AskFailure, PrintedJson> =>
  pipe(
    askPlugin(command, question, options),
    TE.chainEitherK(({ stdout, answer }) =>
      pipe(
        printedJson(stdout, answer, KEYS[question]),
        E.mapLeft(fault =>
          unusable(
            fault._tag === 'NotJson'
              ? `what it prints for ${question} is not JSON: expected one object on stdout, got ` +
                  `${stdout === '' ? 'nothing' : JSON.stringify(stdout.slice(0, MAX_NOISE))}`
              : `what it prints for ${question} is not read: ${jsonFaultText(fault)}`,
          ),
        ),
      ),
    ),
  )

/** The failure of a plugin that prints what cannot be used. */
export const unusable = (problem: string): AskFailure => ({ _tag: 'Unusable', problem })
