import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { ID_PATTERN } from '../../domain/host.js'
import { PluginMetadata } from '../../index.js'

/** What `@Plugin` of a new project says, apart from the version. */
export interface Identity {
  readonly id: string
  readonly name: string
  /** Empty for none. */
  readonly author: string
  readonly icon: string
  readonly route: string
}

/** A project as it is going to be. */
export interface Plan extends Identity {
  readonly decorators: Decorators
  readonly frontend: boolean
  /** What `package.json` asks for under `toru-plugin-api`: a range of versions, or a `file:`. */
  readonly api: string
}

/**
 * The two kinds of decorators: those of the language, and TypeScript's own
 * (`experimentalDecorators`).
 */
export const DECORATORS = ['standard', 'legacy'] as const
/** One of {@link DECORATORS}. */
export type Decorators = (typeof DECORATORS)[number]

/** The version of a new plugin. */
export const FIRST_VERSION = '0.1.0'

/** The part of an identity that breaks a rule of the host, and that rule. */
export interface BrokenRule {
  readonly field: keyof Identity
  readonly value: string
  readonly expected: string
}

/**
 * An identity as the host takes it, or the first rule that it breaks: the host skips such a plugin
 * without a word.
 */
export const checkIdentity = (identity: Identity): Either<BrokenRule, Identity> => {
  const decoded = PluginMetadata.decode({ ...identity, version: FIRST_VERSION })
  if (E.isRight(decoded)) return E.right(identity)
  const places = decoded.left.flatMap(({ context }) =>
    context.map(({ key, type }) => ({ key, expected: type.name })),
  )
  const found = FIELDS.flatMap(field =>
    places
      .filter(({ key }) => key === field)
      .map(({ expected }) => ({ field, value: identity[field], expected })),
  )
  return E.left(found[0] ?? { field: 'id', value: identity.id, expected: PluginMetadata.name })
}

const FIELDS = ['id', 'name', 'author', 'icon', 'route'] as const

/**
 * What is wrong with one part of an identity, as a person reads it while typing; `undefined` where
 * nothing is.
 */
export const problemWith = (field: keyof Identity, value: string): string | undefined => {
  const checked = checkIdentity({ ...HARMLESS, [field]: value })
  return E.isRight(checked) ? undefined : `Expected ${checked.left.expected}.`
}

const HARMLESS: Identity = { id: 'a', name: 'A', author: '', icon: 'a', route: '/a' }

/**
 * The id that a name suggests: `My Notes!` → `my-notes`. Empty where the name has nothing of what
 * an id may have.
 */
export const idFrom = (name: string): string =>
  ID_PATTERN.test(name)
    ? name
    : name
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-|-$/g, '')

/**
 * The name for people that an id suggests: `my-notes` → `My notes`. What is no bare id is a name
 * already.
 */
export const nameFrom = (given: string): string => {
  const words = ID_PATTERN.test(given)
    ? given
        .split('-')
        .filter(word => word !== '')
        .join(' ')
    : given.trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/**
 * The name of the class: `my-notes` → `MyNotesPlugin`. Its end keeps it apart from everything that
 * the file imports.
 */
export const classNameFor = (id: string): string => {
  const words = id.split('-').filter(word => word !== '' && word.toLowerCase() !== 'plugin')
  const name = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return `${/^[A-Za-z]/.test(name) ? '' : 'My'}${name}Plugin`
}

/**
 * The name of the package: npm refuses one that is also the name of a dependency, and none of those
 * ends like this.
 */
export const packageNameFor = (id: string): string => {
  const name = id.toLowerCase().replace(/^-+|-+$/g, '') || 'my'
  return name.endsWith('-plugin') ? name : `${name}-plugin`
}
