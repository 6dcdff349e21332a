import { definePluginView, type PanelApi, type Unmount } from 'toru-plugin-api/frontend'
import type { Action, Service } from '../service.js'
import { addDialog } from './add.js'
import { callsOf } from './calls.js'
import { confirm } from './confirm.js'
import { button, h, messageOf } from './dom.js'
import { logsView } from './logs.js'
import { poll } from './poll.js'
import { type Row, row } from './row.js'
import './style.css'

const POLL_INTERVAL = 5_000
const DONE: Readonly<Record<Action, string>> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
}

const mount = (container: HTMLElement, api: PanelApi): Unmount => {
  const leaving = new AbortController()
  const calls = callsOf(api, leaving.signal)
  const rows = new Map<string, Row>()
  let changes = 0

  const summary = h('p', { className: 'summary', textContent: 'Loading the services…' })
  const problem = h('p', { className: 'problem', role: 'alert', hidden: true })
  const list = h('ul', { className: 'services', ariaLabel: 'Watched services' })
  const status = h('p', { className: 'unseen', role: 'status' })
  const logs = logsView(calls)
  const page = h(
    'section',
    { className: 'systemd', ariaLabel: 'Services' },
    h(
      'header',
      {},
      h('h2', { textContent: 'Services' }),
      summary,
      button('Add a service', () => addDialog(page, calls, name => rows.has(name), add)),
    ),
    problem,
    list,
    logs.element,
    status,
  )

  const report = (message: string, kind: 'success' | 'error'): void => {
    status.textContent = message
    api.showToast(message, kind)
  }
  /** Also rethrows the error, which the row shows. */
  const reported = async <A>(work: Promise<A>, done: string): Promise<A> => {
    try {
      const result = await work
      changes += 1
      report(done, 'success')
      return result
    } catch (thrown) {
      if (!leaving.signal.aborted) report(messageOf(thrown), 'error')
      throw thrown
    }
  }

  const rowOf = (name: string): Row => {
    const known = rows.get(name)
    if (known !== undefined) return known
    const made = row(name, {
      control: async (name, action) =>
        action === 'stop' &&
        !(await confirm(page, `Stop ${name}? What depends on it stops as well.`, 'Stop'))
          ? undefined
          : reported(calls.control(name, action), `${name} was ${DONE[action]}`),
      logs: name => void logs.open(name),
      unwatch: async name => {
        await reported(calls.unwatch(name), `${name} is no longer watched`)
        await refresh()
      },
    })
    rows.set(name, made)
    return made
  }
  const show = (services: ReadonlyArray<Service>): void => {
    for (const service of services) rowOf(service.name).show(service)
    for (const [name, { element }] of rows) {
      if (services.some(service => service.name === name)) continue
      rows.delete(name)
      element.remove()
    }
    // A row in its place is not touched: it would lose the focus.
    services.forEach(({ name }, index) => {
      const { element } = rowOf(name)
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null)
    })
    summary.textContent = summaryOf(services)
  }
  const refresh = async (): Promise<void> => {
    const before = changes
    try {
      const services = await calls.watched()
      // If something was changed meanwhile, the answer is older than what the page shows.
      if (before === changes) show(services)
      problem.hidden = true
    } catch (thrown) {
      if (leaving.signal.aborted) return
      // Screen readers would announce the same text again.
      if (problem.textContent !== messageOf(thrown)) problem.textContent = messageOf(thrown)
      problem.hidden = false
    }
  }
  const add = (name: string): void => {
    reported(calls.watch(name), `${name} is watched`).then(refresh, () => undefined)
  }

  container.append(page)
  poll(
    POLL_INTERVAL,
    () => Promise.all([refresh(), logs.follow()]).then(() => undefined),
    leaving.signal,
  )
  return () => leaving.abort()
}

const summaryOf = (services: ReadonlyArray<Service>): string => {
  const count = (status: Service['status']): number =>
    services.filter(service => service.status === status).length
  const failed = count('failed')
  if (services.length === 0) return 'No service is watched yet.'
  return `${count('running')} of ${services.length} running${failed === 0 ? '' : `, ${failed} failed`}`
}

definePluginView({ id: 'systemd', mount })
