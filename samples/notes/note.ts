import { t } from 'toru-plugin-api/fp'

const filled = (text: string): boolean => text.trim() !== ''

/** What a client sends to create or replace a note. */
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

/** What a search asks for: words that must occur, and tags that must all be there. */
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

/** Whether a search finds a note. Case does not matter. */
export const matches =
  ({ q = '', tag = [] }: Search) =>
  (note: Note): boolean =>
    `${note.title}\n${note.text}`.toLowerCase().includes(q.toLowerCase()) &&
    tag.every(wanted => note.tags.includes(wanted))
