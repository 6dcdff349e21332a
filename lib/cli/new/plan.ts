import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { ID_PATTERN } from '../../domain/host.js'
import { PluginMetadata } from '../../index.js'

/**
 * The two kinds of decorators: those of the language, and TypeScript's own
 * (`experimentalDecorators`).
 */
export const DECORATORS = ['standard', 'legacy'] as const
/** One of {@link DECORATORS}. */
export type Decorators = (typeof DECORATORS)[number]

const IdentityCodec = t.readonly(
  t.type({ id: t.string, name: t.string, author: t.string, icon: t.string, route: t.string }),
)

/** The metadata of a new plugin, apart from the version. The author is empty if there is none. */
export type Identity = t.TypeOf<typeof IdentityCodec>

/** What `toru-plugin new` is going to write, except for where it gets this package from. */
export const Choices = t.intersection([
  IdentityCodec,
  t.readonly(
    t.type({ decorators: t.keyof({ standard: null, legacy: null }), frontend: t.boolean }),
  ),
])
export type Choices = t.TypeOf<typeof Choices>

/** All of it. */
export interface Plan extends Choices {
  /** The dependency `toru-plugin-api` in `package.json`: a range of versions, or a `file:`. */
  readonly api: string
}

/** Whether a project carries this package, as a file in its folder `vendor`. */
export const isVendored = ({ api }: Plan): boolean => api.startsWith('file:')

/** The version of a new plugin. */
export const FIRST_VERSION = '0.1.0'

/** The part of an identity that breaks a rule of the host, and that rule. */
export interface BrokenRule {
  readonly field: keyof Identity
  readonly value: string
  readonly expected: string
}

/**
 * An identity that the host accepts, or the first rule that it breaks: the host skips such a plugin
 * without a word (docs/protocol.md#process-contract).
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
 * The problem with one part of an identity, as a prompt shows it; `undefined` if there is none.
 */
export const problemWith = (field: keyof Identity, value: string): string | undefined => {
  const checked = checkIdentity({ ...VALID, [field]: value })
  return E.isRight(checked) ? undefined : `Expected ${checked.left.expected}.`
}

const VALID: Identity = { id: 'a', name: 'A', author: '', icon: 'a', route: '/a' }

/**
 * The id for a name: `My Notes!` → `my-notes`. Empty if the name has no character that an id may
 * have.
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
 * The name for an id: `my-notes` → `My notes`. A text that is no id is a name already.
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
 * The name of the class: `my-notes` → `MyNotesPlugin`. It ends with `Plugin`, so nothing that the
 * file imports has the same name.
 */
export const classNameFor = (id: string): string => {
  const words = id.split('-').filter(word => word !== '' && word.toLowerCase() !== 'plugin')
  const name = words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  return `${/^[A-Za-z]/.test(name) ? '' : 'My'}${name}Plugin`
}

/**
 * The name of the package. It ends with `-plugin`, since npm refuses a package that has the name of
 * one of its dependencies.
 */
export const packageNameFor = (id: string): string => {
  const name = id.toLowerCase().replace(/^-+|-+$/g, '') || 'my'
  return name.endsWith('-plugin') ? name : `${name}-plugin`
}
