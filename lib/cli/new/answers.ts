import { cancel, confirm, intro, isCancel, select, text } from '@clack/prompts'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
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
export const planByAsking = async (given: Given): Promise<Either<CliError, Plan>> => {
  intro('A new plugin for Toru Steering Center')
  const id = await answer(
    given.id,
    'id',
    'Id: the name of its file and its route',
    idFrom(given.project ?? '') || 'my-plugin',
  )
  if (E.isLeft(id)) return id
  const name = await answer(
    given.name,
    'name',
    'Name, as people see it',
    nameFrom(given.project ?? id.right),
  )
  if (E.isLeft(name)) return name
  const author = await answer(given.author, 'author', 'Author (optional)', '')
  if (E.isLeft(author)) return author
  const icon = await answer(given.icon, 'icon', 'Icon', DEFAULT_ICON)
  if (E.isLeft(icon)) return icon
  const route = await answer(
    given.route,
    'route',
    'Route: a frontend reaches it only at / and the id',
    `/${id.right}`,
  )
  if (E.isLeft(route)) return route
  const decorators =
    given.decorators ??
    (await select({
      message: 'Decorators',
      options: DECORATOR_CHOICES,
      initialValue: DECORATORS[0],
    }))
  if (isCancel(decorators)) return cancelled()
  const frontend =
    given.frontend ?? (await confirm({ message: 'With a frontend?', initialValue: true }))
  if (isCancel(frontend)) return cancelled()
  return planOf({
    ...given,
    id: id.right,
    name: name.right,
    author: author.right,
    icon: icon.right,
    route: route.right,
    decorators,
    frontend,
  })
}

const DEFAULT_ICON = '🔌'

const DECORATOR_CHOICES = [
  { value: 'standard' as const, label: 'standard', hint: 'of the language; no flag' },
  {
    value: 'legacy' as const,
    label: 'legacy',
    hint: 'experimentalDecorators, as NestJS and TypeORM need',
  },
]

const answer = async (
  given: string | undefined,
  field: keyof Identity,
  message: string,
  fallback: string,
): Promise<Either<CliError, string>> => {
  if (given !== undefined) return E.right(given)
  const said = await text({
    message,
    placeholder: fallback,
    defaultValue: fallback,
    // An empty answer is the suggestion.
    validate: value => problemWith(field, value || fallback),
  })
  return isCancel(said) ? cancelled() : E.right(said)
}

const cancelled = (): Either<CliError, never> => {
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
