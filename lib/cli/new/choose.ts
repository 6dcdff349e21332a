import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from '../cli-error.js'
import { askForId, choicesByAsking, choicesWithout, type Given } from './answers.js'
import { type Choices, idFrom } from './plan.js'
import { type Begun, begunIn, sameProject } from './unfinished.js'
import { roomIn } from './write-project.js'

/** What is to be made, and where. */
export interface Chosen {
  /** The absolute path. */
  readonly folder: string
  readonly choices: Choices
  /** What an earlier run has begun there and not finished. */
  readonly begun: O.Option<Begun>
}

/**
 * Chooses what to make, by asking or from the command line alone. Where a project was begun, there
 * is nothing to choose; any other folder must have room for one. Without a folder it is made in one
 * with the name of the id.
 */
export const choose = (
  given: Given,
  folder: string | undefined,
  asks: boolean,
): TaskEither<CliError, Chosen> => {
  const folderFor = (id: string): string => folder ?? resolve(id)
  return asks
    ? pipe(
        resumed(given, folderFor(given.id ?? idFrom(given.project ?? ''))),
        orElse(() =>
          pipe(
            askForId(given),
            TE.chain(id => chosenIn(given, folderFor(id), choicesByAsking({ ...given, id }))),
          ),
        ),
      )
    : pipe(
        TE.fromEither(choicesWithout(given)),
        TE.chain(choices => chosenIn(given, folderFor(choices.id), TE.right(choices))),
      )
}

const resumed = (given: Given, folder: string): TaskEither<CliError, O.Option<Chosen>> =>
  pipe(
    begunIn(folder),
    E.chain(O.traverse(E.Applicative)(sameProject(folder, given))),
    E.map(O.map(begun => ({ folder, choices: begun.choices, begun: O.some(begun) }))),
    TE.fromEither,
  )

const orElse = (
  chosen: () => TaskEither<CliError, Chosen>,
): ((before: TaskEither<CliError, O.Option<Chosen>>) => TaskEither<CliError, Chosen>) =>
  TE.chain(O.match(chosen, chosen => TE.right(chosen)))

const chosenIn = (
  given: Given,
  folder: string,
  choices: TaskEither<CliError, Choices>,
): TaskEither<CliError, Chosen> =>
  pipe(
    resumed(given, folder),
    orElse(() =>
      pipe(
        TE.fromEither(roomIn(folder)),
        TE.chain(() => choices),
        TE.map(choices => ({ folder, choices, begun: O.none })),
      ),
    ),
  )
