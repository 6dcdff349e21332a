import type { AvailableService } from '../service.js'
import type { Calls } from './calls.js'
import { button, h, messageOf } from './dom.js'

/** How many services are listed at most. The filter finds the others. */
const MAX_ITEMS = 200

/**
 * A dialog with the services that are not watched yet. `chosen` is called with the selected one.
 */
export const addDialog = (
  parent: HTMLElement,
  calls: Calls,
  isWatched: (name: string) => boolean,
  chosen: (name: string) => void,
): void => {
  let services: ReadonlyArray<AvailableService> = []
  const filter = h('input', { type: 'search', autofocus: true, oninput: () => show() })
  const list = h('ul', { className: 'available' })
  const note = h('p', { className: 'note', role: 'status', textContent: 'Loading the services…' })
  const dialog = h(
    'dialog',
    { className: 'add', ariaLabel: 'Add a service' },
    h(
      'header',
      {},
      h('label', {}, 'Filter ', filter),
      button('Close', () => dialog.close()),
    ),
    list,
    note,
  )
  dialog.onclose = () => dialog.remove()

  const show = (): void => {
    const words = filter.value.toLowerCase().split(/\s+/)
    const found = services.filter(({ name, description }) =>
      words.every(word => `${name} ${description}`.toLowerCase().includes(word)),
    )
    list.replaceChildren(...found.slice(0, MAX_ITEMS).map(item))
    const count = found.length === 1 ? '1 service' : `${found.length} services`
    note.textContent = found.length > MAX_ITEMS ? `${count}, the first ${MAX_ITEMS} of them` : count
  }
  const item = ({
    name,
    description,
    active_state,
    file_state,
  }: AvailableService): HTMLLIElement => {
    const pick = (): void => {
      dialog.close()
      chosen(name)
    }
    return h(
      'li',
      {},
      h(
        'button',
        { type: 'button', onclick: pick },
        h('strong', { textContent: name.replace(/\.service$/, '') }),
        h('span', { className: 'description', textContent: description }),
        h('span', {
          className: 'state',
          textContent: file_state === null ? active_state : `${active_state}, ${file_state}`,
        }),
      ),
    )
  }

  parent.append(dialog)
  dialog.showModal()
  calls.available().then(
    all => {
      services = all.filter(({ name }) => !isWatched(name))
      show()
    },
    thrown => {
      note.textContent = messageOf(thrown)
    },
  )
}
