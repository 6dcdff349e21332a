import { t } from 'toru-plugin-api/fp'

const filled = (text: string): boolean => text.trim() !== ''

/** The body of a request that creates or replaces a note. */
export const NewNote = t.exact(
  t.intersection([
    t.type({ title: t.refinement(t.string, filled, 'a title that is not empty') }),
    t.partial({ text: t.string, tags: t.array(t.string) }),
  ]),
  'NewNote',
)

/** A note as it is stored and sent. */
export const Note = t.type(
  { id: t.string, title: t.string, text: t.string, tags: t.array(t.string), changed: t.string },
  'Note',
)
export type Note = t.TypeOf<typeof Note>

/** A search: words that a note must have, and tags that it must have all of. */
export const Search = t.partial({ q: t.string, tag: t.array(t.string) }, 'Search')
export type Search = t.TypeOf<typeof Search>

/** A note from what a client sent. */
export const noteOf = (
  id: string,
  { title, text = '', tags = [] }: t.TypeOf<typeof NewNote>,
  now: Date,
): Note => ({
  id,
  title,
  text,
  tags,
  changed: now.toISOString(),
})

/** Whether a note matches a search. Case does not matter. */
export const matches =
  ({ q = '', tag = [] }: Search) =>
  (note: Note): boolean =>
    `${note.title}\n${note.text}`.toLowerCase().includes(q.toLowerCase()) &&
    tag.every(wanted => note.tags.includes(wanted))
