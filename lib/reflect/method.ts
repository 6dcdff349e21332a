import type { Annotated, MethodNote } from './notes.js'

/**
 * An annotated method, ready to be called: its name for people, what was written on it, and the
 * function that stands behind it now.
 */
export interface Method {
  /** `Notes.add` */
  readonly place: string
  readonly declared: Annotated['place']
  readonly isFunction: boolean
  readonly notes: ReadonlyArray<MethodNote>
  readonly call: (...args: ReadonlyArray<unknown>) => unknown
}

/** A method of a plugin object from its annotations. */
export const methodOf = (
  plugin: object,
  className: string,
  { member, place, notes, current }: Annotated,
): Method => ({
  place: `${className}.${String(member)}`,
  declared: place,
  isFunction: typeof current === 'function',
  notes,
  call: typeof current === 'function' ? current.bind(plugin) : () => undefined,
})
