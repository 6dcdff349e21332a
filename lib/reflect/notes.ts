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
  /**
   * The same for all decorators of one method, if nothing else tells the method from one that it
   * overrides.
   */
  readonly element: unknown
}

const METHODS = Symbol.for('toru-plugin-api/methods')
const CLASS = Symbol.for('toru-plugin-api/class')

/** Writes a note on a method: the second half of every method decorator. */
export const addMethodNote = (
  note: MethodNote,
  target: object,
  keyOrContext: string | symbol | ClassMethodDecoratorContext,
  descriptor: PropertyDescriptor | undefined,
): void =>
  typeof keyOrContext === 'object'
    ? addStandardNote(note, keyOrContext)
    : append(METHODS, target, {
        member: keyOrContext,
        kind: legacyKind(target, descriptor),
        note,
        element: undefined,
      })

/** Writes a note on a class: the second half of every class decorator. */
export const addClassNote = (note: ClassNote, target: object): void => append(CLASS, target, note)

/**
 * The methods of a plugin object with their notes. A subclass that overrides a method without a
 * decorator keeps the notes; one that decorates it again replaces them.
 */
export const notedMethods = (plugin: object): ReadonlyArray<NotedMethod> => {
  const written = [...holdersOf(plugin), plugin].map(holder => read<Entry>(METHODS, holder))
  // A class may have a static method and an instance method of the same name.
  const byMember = [true, false].flatMap(isStatic => [
    ...new Map(
      written.flatMap(entries => [
        ...latestOf(entries.filter(({ kind }) => (kind === 'static') === isStatic)),
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

/** The notes of a plugin's class, the nearest class first, the outermost decorator first. */
export const classNotes = (plugin: object): ReadonlyArray<ClassNote> =>
  classesOf(plugin).flatMap(ownClassNotes)

/**
 * The notes of one class, without those of the classes it extends, the outermost decorator first.
 */
export const ownClassNotes = (owner: object): ReadonlyArray<ClassNote> =>
  [...read<ClassNote>(CLASS, owner)].reverse()

/** The class of a plugin object and those it extends, the nearest first. */
export const classesOf = (plugin: object): ReadonlyArray<object> =>
  prototypesOf(plugin).flatMap(prototype => {
    const owner = constructorOf(prototype)
    return typeof owner === 'function' ? [owner] : []
  })

const constructorOf = (prototype: object): unknown =>
  Object.hasOwn(prototype, 'constructor') ? prototype.constructor : undefined

/**
 * A standard decorator does not get the class, but only the class's metadata object. TypeScript
 * makes that object only if `Symbol.metadata` exists. Otherwise (Node.js 20) the note is written on
 * each instance as it is constructed.
 */
const addStandardNote = (note: MethodNote, context: ClassMethodDecoratorContext): void => {
  const { name: member, kind: declared } = context
  const kind = context.static ? 'static' : context.private ? 'private' : standardKind(declared)
  if (context.metadata !== undefined) {
    append(METHODS, context.metadata, { member, kind, note, element: undefined })
    return
  }
  // TypeScript gives all decorators of one method the same `get`, which tells a second decorator
  // from an override.
  const entry: Entry = { member, kind, note, element: context.access.get }
  context.addInitializer(function (this: unknown) {
    if (isObject(this)) append(METHODS, this, entry)
  })
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
const holdersOf = (plugin: object): ReadonlyArray<object> =>
  [...prototypesOf(plugin)].reverse().flatMap(prototype => {
    const owner = constructorOf(prototype)
    const metadata = isObject(owner) ? metadataOf(owner) : undefined
    return [owner, prototype, metadata].filter(isObject)
  })

const prototypesOf = (value: object): ReadonlyArray<object> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return isObject(prototype) ? [prototype, ...prototypesOf(prototype)] : []
}

/**
 * Without `Symbol.metadata`, compilers that make metadata use the registered symbol of that name.
 */
const metadataOf = (owner: object): unknown =>
  [Symbol.metadata, Symbol.for('Symbol.metadata')]
    .filter(symbol => symbol !== undefined && Object.hasOwn(owner, symbol))
    .map((symbol): unknown => Reflect.get(owner, symbol))[0]

/**
 * The entries of each member. If a class and the one it extends wrote to the same object, those of
 * the method that was declared last.
 */
const latestOf = (
  entries: ReadonlyArray<Entry>,
): ReadonlyMap<string | symbol, ReadonlyArray<Entry>> => {
  const latest = new Map<string | symbol, ReadonlyArray<Entry>>()
  for (const entry of entries) {
    const sofar = latest.get(entry.member) ?? []
    latest.set(entry.member, sofar[0]?.element === entry.element ? [...sofar, entry] : [entry])
  }
  return latest
}

const isObject = (u: unknown): u is object =>
  (typeof u === 'object' && u !== null) || typeof u === 'function'

const append = <A>(key: symbol, holder: object, note: A): void =>
  Reflect.defineMetadata(key, [...read<A>(key, holder), note], holder)

/** `Reflect` is untyped. Only `append` writes under these keys. */
const read = <A>(key: symbol, holder: object): ReadonlyArray<A> => {
  const notes: ReadonlyArray<A> | undefined = Reflect.getOwnMetadata(key, holder)
  return notes ?? []
}
