import { definePluginView, type PanelApi } from 'toru-plugin-api/frontend'
import { createClient, type Note } from './client.js'
import { field, h } from './dom.js'
import './style.css'

const mount = (container: HTMLElement, api: PanelApi): Promise<void> => {
  const client = createClient(api)
  const title = h('input', { required: true })
  const tags = h('input', { placeholder: 'shop, today' })
  const text = h('textarea', { rows: 3 })
  const form = h(
    'form',
    { className: 'card', ariaLabel: 'A new note' },
    field('Title', title),
    field('Tags', tags),
    field('Text', text),
    h('button', { className: 'primary', textContent: 'Add' }),
  )
  const problem = h('p', { className: 'problem', role: 'alert', hidden: true })
  const status = h('p', { className: 'quiet', role: 'status', textContent: 'Loading the notes…' })
  const list = h('ul', { ariaLabel: 'Notes' })
  container.append(h('h2', { textContent: 'Notes' }), form, problem, status, list)

  const fail = (message: string): void => {
    problem.textContent = message
    problem.hidden = false
  }
  const refresh = async (): Promise<void> => {
    const notes = await client.get('/')
    if (!notes.ok) return fail(notes.error.message)
    problem.hidden = true
    list.replaceChildren(...notes.body.map(item))
    status.textContent = notes.body.length === 1 ? '1 note' : `${notes.body.length} notes`
  }

  const item = (note: Note): HTMLLIElement =>
    h(
      'li',
      { className: 'card' },
      h('h3', { textContent: note.title }),
      h('p', { className: 'text', textContent: note.text }),
      h('p', { className: 'tags' }, ...note.tags.map(tag => h('span', { textContent: tag }))),
      h('time', {
        className: 'quiet',
        dateTime: note.changed,
        textContent: new Date(note.changed).toLocaleString([], SHORT),
      }),
      h('button', {
        type: 'button',
        textContent: 'Delete',
        ariaLabel: `Delete ${note.title}`,
        onclick: () => remove(note.id),
      }),
    )
  const remove = async (id: string): Promise<void> => {
    const removed = await client.delete('/:id', { params: { id } })
    if (!removed.ok) return fail(removed.error.message)
    await refresh()
    // The button that had the focus is gone.
    title.focus()
  }

  form.onsubmit = async event => {
    event.preventDefault()
    if (form.ariaBusy === 'true') return
    form.ariaBusy = 'true'
    const body = { title: title.value, text: text.value, tags: tagsIn(tags.value) }
    const created = await client.post('/', { body })
    form.ariaBusy = 'false'
    if (!created.ok) return fail(created.error.message)
    form.reset()
    title.focus()
    await refresh()
  }
  return refresh()
}

const SHORT = { dateStyle: 'medium', timeStyle: 'short' } as const

const tagsIn = (text: string): string[] =>
  text
    .split(',')
    .map(tag => tag.trim())
    .filter(tag => tag !== '')

definePluginView({ id: 'notes', mount })
