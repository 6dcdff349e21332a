import { cancel, confirm, intro, select, text } from '@clack/prompts'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import {
  checkIdentity,
  DECORATORS,
  type Decorators,
  type Identity,
  idFrom,
  nameFrom,
  type Plan,
  problemWith,
} from './plan.js'

/** The values given on the command line. The others are asked for, or have defaults. */
export interface Given {
  /** The argument: an id, or a name to make one from. */
  readonly project?: string | undefined
  readonly id?: string | undefined
  readonly name?: string | undefined
  readonly author?: string | undefined
  readonly icon?: string | undefined
  readonly route?: string | undefined
  readonly decorators?: Decorators | undefined
  readonly frontend?: boolean | undefined
  readonly api: string
}

/** Plans a project from the command line, with defaults for the rest. */
export const planWithout = (given: Given): Either<CliError, Plan> => {
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
  return planOf({ ...given, id })
}

/**
 * Plans a project, and asks for everything that was not given. Answers must follow the host's
 * rules; a wrong one is asked for again.
 */
export const planByAsking = (given: Given): TaskEither<CliError, Plan> =>
  pipe(
    TE.fromIO(() => intro('A new plugin for Toru Steering Center')),
    TE.bind('id', () =>
      answer(
        given.id,
        'id',
        'Id: the name of its file and its route',
        idFrom(given.project ?? '') || 'my-plugin',
      ),
    ),
    TE.bind('name', ({ id }) =>
      answer(given.name, 'name', 'Name, as people see it', nameFrom(given.project ?? id)),
    ),
    TE.bind('author', () => answer(given.author, 'author', 'Author (optional)', '')),
    TE.bind('icon', () => answer(given.icon, 'icon', 'Icon', DEFAULT_ICON)),
    TE.bind('route', ({ id }) =>
      answer(given.route, 'route', 'Route: a frontend reaches it only at / and the id', `/${id}`),
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
    TE.chainEitherK(answers => planOf({ ...given, ...answers })),
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
    return E.left(failure('cancelled: nothing was written'))
  }

const planOf = (given: Given & { readonly id: string }): Either<CliError, Plan> => {
  const {
    id,
    project,
    name = nameFrom(project ?? id),
    author = '',
    icon = DEFAULT_ICON,
    route = `/${id}`,
  } = given
  const checked = checkIdentity({ id, name, author, icon, route })
  if (E.isLeft(checked)) {
    const { field, value, expected } = checked.left
    return E.left(
      usageError(
        `--${field}: expected ${expected}, got ${JSON.stringify(value)}`,
        'The host skips a plugin that breaks one of its rules.',
      ),
    )
  }
  return E.right({
    ...checked.right,
    decorators: given.decorators ?? 'standard',
    frontend: given.frontend ?? true,
    api: given.api,
  })
}
