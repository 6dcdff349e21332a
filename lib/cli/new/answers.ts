import { cancel, confirm, intro, select, text } from '@clack/prompts'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import {
  type Choices,
  checkIdentity,
  DECORATORS,
  type Decorators,
  type Identity,
  idFrom,
  nameFrom,
  problemWith,
} from './plan.js'

/** The values given on the command line. The others are asked for, or have defaults. */
export interface Given {
  /** What the argument names: an id, or a name to make one from. */
  readonly project?: string | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly author?: string | undefined
  readonly icon?: string | undefined
  readonly route?: string | undefined
  readonly decorators?: Decorators | undefined
  readonly frontend?: boolean | undefined
  /** What to install as `toru-plugin-api`, the same from every folder. */
  readonly api?: string | undefined
}

/** Takes what the command line says, with defaults for the rest. */
export const choicesWithout = (given: Given): Either<CliError, Choices> => {
  const { project } = given
  const id = given.id ?? idFrom(project ?? '')
  if (id === '') {
    return E.left(
      project === undefined
        ? usageError('a new project needs a name', 'For example: toru-plugin new my-plugin')
        : usageError(
            `no id can be made from the name ${JSON.stringify(project)}`,
            'Give one with --id, of the characters A-Z a-z 0-9 - only.',
          ),
    )
  }
  return checked({ ...given, id })
}

/** Asks for the id, if it was not given. It comes first, since the folder has its name. */
export const askForId = (given: Given): TaskEither<CliError, string> =>
  pipe(
    TE.fromIO(() => intro('A new plugin for Toru Steering Center')),
    TE.chain(() =>
      answer(
        given.id,
        'id',
        'Id: the name of its file and its route',
        idFrom(given.project ?? '') || 'my-plugin',
      ),
    ),
  )

/**
 * Asks for everything that was not given. Answers must follow the host's rules; a wrong one is
 * asked for again.
 */
export const choicesByAsking = (
  given: Given & { readonly id: string },
): TaskEither<CliError, Choices> =>
  pipe(
    TE.Do,
    TE.bind('name', () =>
      answer(given.name, 'name', 'Name, as people see it', nameFrom(given.project ?? given.id)),
    ),
    TE.bind('author', () => answer(given.author, 'author', 'Author (optional)', '')),
    TE.bind('icon', () => answer(given.icon, 'icon', 'Icon', DEFAULT_ICON)),
    TE.bind('route', () =>
      answer(
        given.route,
        'route',
        'Route: a frontend reaches it only at / and the id',
        `/${given.id}`,
      ),
    ),
    TE.bind('decorators', () =>
      asked(given.decorators, () =>
        select({
          message: 'Decorators',
          options: DECORATOR_CHOICES,
          initialValue: DECORATORS[0],
        }),
      ),
    ),
    TE.bind('frontend', () =>
      asked(given.frontend, () => confirm({ message: 'With a frontend?', initialValue: true })),
    ),
    TE.chainEitherK(answers => checked({ ...given, ...answers })),
  )

const DEFAULT_ICON = '🔌'

const DECORATOR_CHOICES = [
  { value: 'standard' as const, label: 'standard', hint: 'of the language; no flag' },
  {
    value: 'legacy' as const,
    label: 'legacy',
    hint: 'experimentalDecorators, as NestJS and TypeORM need',
  },
]

const answer = (
  given: string | undefined,
  field: keyof Identity,
  message: string,
  fallback: string,
): TaskEither<CliError, string> =>
  asked(given, () =>
    text({
      message,
      placeholder: fallback,
      defaultValue: fallback,
      // An empty answer is the suggestion.
      validate: value => problemWith(field, value || fallback),
    }),
  )

/** What was given, or else the answer to a question. Left if the user cancels. */
const asked =
  <A extends string | boolean>(
    given: A | undefined,
    ask: () => Promise<NoInfer<A> | symbol>,
  ): TaskEither<CliError, A> =>
  async () => {
    const said = given ?? (await ask())
    if (typeof said !== 'symbol') return E.right(said)
    cancel('Cancelled')
    return E.left(failure('cancelled: nothing was written', 'Run the same command to begin again.'))
  }

const checked = (given: Given & { readonly id: string }): Either<CliError, Choices> => {
  const {
    id,
    project,
    name = nameFrom(project ?? id),
    author = '',
    icon = DEFAULT_ICON,
    route = `/${id}`,
  } = given
  return pipe(
    checkIdentity({ id, name, author, icon, route }),
    E.bimap(
      ({ field, value, expected }) =>
        usageError(
          `--${field}: expected ${expected}, got ${JSON.stringify(value)}`,
          'Choose another: the host skips a plugin that breaks its rules.',
        ),
      identity => ({
        ...identity,
        decorators: given.decorators ?? 'standard',
        frontend: given.frontend ?? true,
      }),
    ),
  )
}
