import type { LogEntry } from '../service.js'
import type { Calls } from './calls.js'
import { button, h, messageOf } from './dom.js'

/** Shows the journal of one service at a time. */
export interface LogsView {
  readonly element: HTMLElement
  readonly open: (name: string) => Promise<void>
  /** Reads the journal again if the view is open and follows it. */
  readonly follow: () => Promise<void>
}

const COUNTS = [100, 300, 1_000]
/** The priorities of syslog: `warning`, and `err`. Lower numbers are more severe. */
const WARNING = 4
const ERROR = 3

export const logsView = (calls: Calls): LogsView => {
  const title = h('h3', { tabIndex: -1 })
  const lines = h(
    'select',
    { onchange: () => void read() },
    ...COUNTS.map(count => h('option', { value: String(count), textContent: String(count) })),
  )
  const follows = h('input', { type: 'checkbox', checked: true })
  const list = h('ol', { className: 'entries', tabIndex: 0, role: 'log', ariaLabel: 'Entries' })
  const note = h('p', { className: 'note' })
  let name: string | undefined
  let opener: Element | null = null

  const read = async (): Promise<void> => {
    const asked = name
    if (asked === undefined) return
    try {
      const entries = await calls.logs(asked, Number(lines.value))
      if (asked !== name) return
      show(entries)
      note.textContent = entries.length === 0 ? 'The journal has no entries of this service.' : ''
    } catch (thrown) {
      note.textContent = messageOf(thrown)
    }
  }
  const show = (entries: ReadonlyArray<LogEntry>): void => {
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 8
    list.replaceChildren(...entries.map(line))
    if (isAtEnd) list.scrollTop = list.scrollHeight
  }
  const close = (): void => {
    element.hidden = true
    name = undefined
    if (opener instanceof HTMLElement) opener.focus()
  }

  const element = h(
    'section',
    { className: 'logs', hidden: true, ariaLabel: 'Logs' },
    h(
      'header',
      {},
      title,
      h('label', {}, 'Lines ', lines),
      h('label', {}, follows, ' Follow'),
      button('Refresh', () => void read()),
      button('Close', close),
    ),
    list,
    note,
  )
  element.onkeydown = ({ key }) => {
    if (key === 'Escape') close()
  }
  return {
    element,
    open: async wanted => {
      opener = document.activeElement
      name = wanted
      title.textContent = `Logs of ${wanted}`
      list.replaceChildren()
      element.hidden = false
      title.focus()
      await read()
    },
    follow: async () => {
      if (follows.checked) await read()
    },
  }
}

const line = ({ time, priority, identifier, pid, message }: LogEntry): HTMLLIElement => {
  const from = `${identifier ?? ''}${pid === null ? '' : `[${pid}]`}`
  return h(
    'li',
    { className: priority <= ERROR ? 'error' : priority === WARNING ? 'warning' : '' },
    h('time', { dateTime: time, textContent: new Date(time).toLocaleString() }),
    ' ',
    h('span', { className: 'from', textContent: from }),
    ' ',
    message,
  )
}
