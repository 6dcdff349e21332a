import 'reflect-metadata/lite'
import type { ClassNote, MethodNote } from './note-kinds.js'

/** A method with its notes, the outermost decorator first. */
export interface NotedMethod {
  readonly member: string | symbol
  /** How the member is declared. Only a public instance method can be a handler. */
  readonly kind: 'method' | 'static' | 'private' | 'field' | 'accessor'
  readonly notes: ReadonlyArray<MethodNote>
  /**
   * The present value of the member: a subclass may have overridden it, or another decorator
   * replaced it.
   */
  readonly current: unknown
}

interface Entry {
  readonly member: string | symbol
  readonly kind: NotedMethod['kind']
  readonly note: MethodNote
}

const METHODS = Symbol.for('toru-plugin-api/methods')
const CLASS = Symbol.for('toru-plugin-api/class')
const METADATA = Symbol.for('toru-plugin-api/metadata')

// No Node.js has `Symbol.metadata` yet, and TypeScript makes the metadata of a class only where it
// exists. Other compilers use the registered symbol of that name.
if (Symbol.metadata === undefined)
  Reflect.defineProperty(Symbol, 'metadata', {
    value: Symbol.for('Symbol.metadata'),
    configurable: true,
    writable: true,
  })

/** Writes a note on a method: the second half of every method decorator. */
export const addMethodNote = (
  note: MethodNote,
  target: object,
  keyOrContext: string | symbol | ClassMethodDecoratorContext,
  descriptor: PropertyDescriptor | undefined,
): void =>
  typeof keyOrContext === 'object'
    ? addStandardNote(note, keyOrContext)
    : append(METHODS, target, { member: keyOrContext, kind: legacyKind(target, descriptor), note })

/**
 * Writes a note on a class: the second half of every class decorator. The prototype holds it, for
 * another decorator may replace the class by a proxy or a function with the same prototype.
 */
export const addClassNote = (
  note: ClassNote,
  target: object,
  context: ClassDecoratorContext | undefined,
): void => {
  const prototype: object = Reflect.get(target, 'prototype')
  append(CLASS, prototype, note)
  if (context?.metadata !== undefined) Reflect.defineMetadata(METADATA, context.metadata, prototype)
}

/**
 * The methods of a plugin object with their notes. A subclass that overrides a method without a
 * decorator keeps the notes; one that decorates it again replaces them.
 */
export const notedMethods = (plugin: object): ReadonlyArray<NotedMethod> => {
  const written = holdersOf(plugin).map(holder => read<Entry>(METHODS, holder))
  // A class may have a static method and an instance method of the same name.
  const byMember = [true, false].flatMap(isStatic => [
    ...new Map(
      written.flatMap(entries => [
        ...byName(entries.filter(({ kind }) => (kind === 'static') === isStatic)),
      ]),
    ),
  ])
  return byMember.map(([member, entries]) => ({
    member,
    kind: entries[0]?.kind ?? 'method',
    // Decorators run from the innermost to the outermost.
    notes: entries.map(entry => entry.note).reverse(),
    current: entries[0]?.kind === 'method' ? Reflect.get(plugin, member) : undefined,
  }))
}

/**
 * The notes of a plugin's class and of those it extends, the nearest class first, the outermost
 * decorator first.
 */
export const classNotes = (plugin: object): ReadonlyArray<ReadonlyArray<ClassNote>> =>
  prototypesOf(plugin).map(prototype => [...read<ClassNote>(CLASS, prototype)].reverse())

/** The name of a plugin's class, for people. */
export const classNameOf = (plugin: object): string => {
  const [name = ''] = prototypesOf(plugin)
    .flatMap(constructorOf)
    .map(owner => owner.name)
  return name === '' ? 'the plugin' : name
}

const addStandardNote = (note: MethodNote, context: ClassMethodDecoratorContext): void => {
  const { name: member, kind: declared } = context
  const kind = context.static ? 'static' : context.private ? 'private' : standardKind(declared)
  append(METHODS, context.metadata, { member, kind, note })
}

const standardKind = (kind: string): NotedMethod['kind'] =>
  kind === 'method' ? 'method' : kind === 'field' ? 'field' : 'accessor'

const legacyKind = (
  target: object,
  descriptor: PropertyDescriptor | undefined,
): NotedMethod['kind'] =>
  typeof target === 'function'
    ? 'static'
    : descriptor === undefined
      ? 'field'
      : 'value' in descriptor
        ? 'method'
        : 'accessor'

/** All objects that can hold notes of a plugin's classes, the most distant class first. */
const holdersOf = (plugin: object): ReadonlyArray<object> => {
  const prototypes = [...prototypesOf(plugin)].reverse()
  const classes = [...new Set(prototypes.flatMap(constructorOf).flatMap(withParents))]
  return prototypes.flatMap(prototype => {
    const own = classes.filter(owner => owner.prototype === prototype)
    const linked: unknown = Reflect.getOwnMetadata(METADATA, prototype)
    const metadata = [...own.map(metadataOf), linked].filter(isObject)
    return [...own, prototype, ...new Set(metadata)]
  })
}

const constructorOf = (prototype: object): ReadonlyArray<Function> => {
  const owner: unknown = Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined
  return typeof owner === 'function' ? [owner] : []
}

/** A class and those it extends. One that a decorator has replaced is found only this way. */
const withParents = (owner: object): ReadonlyArray<Function> =>
  typeof owner === 'function' ? [owner, ...withParents(Object.getPrototypeOf(owner))] : []

const prototypesOf = (value: unknown): ReadonlyArray<object> => {
  if (!isObject(value)) return []
  const prototype: unknown = Object.getPrototypeOf(value)
  return isObject(prototype) ? [prototype, ...prototypesOf(prototype)] : []
}

/**
 * The metadata object of a class. Compilers hold it under `Symbol.metadata`, or under a symbol of
 * that name, and a polyfill may replace it between two classes.
 */
const metadataOf = (owner: object): unknown =>
  Object.getOwnPropertySymbols(owner)
    .filter(({ description }) => description === 'Symbol.metadata')
    .map((symbol): unknown => Reflect.get(owner, symbol))
    .find(isObject)

const byName = (
  entries: ReadonlyArray<Entry>,
): ReadonlyMap<string | symbol, ReadonlyArray<Entry>> =>
  entries.reduce(
    (members, entry) => members.set(entry.member, [...(members.get(entry.member) ?? []), entry]),
    new Map<string | symbol, ReadonlyArray<Entry>>(),
  )

const isObject = (u: unknown): u is object =>
  (typeof u === 'object' && u !== null) || typeof u === 'function'

const append = <A>(key: symbol, holder: object, note: A): void =>
  Reflect.defineMetadata(key, [...read<A>(key, holder), note], holder)

/** `Reflect` is untyped. Only `append` writes under these keys. */
const read = <A>(key: symbol, holder: object): ReadonlyArray<A> => {
  const notes: ReadonlyArray<A> | undefined = Reflect.getOwnMetadata(key, holder)
  return notes ?? []
}
