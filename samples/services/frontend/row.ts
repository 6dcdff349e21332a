import type { Action, Service, Status } from '../service.js'
import { button, h, messageOf } from './dom.js'
import { uptime } from './uptime.js'

/** The actions of a row. */
export interface RowActions {
  /** Resolves to the new state of the service, or to nothing if the user cancels. */
  readonly control: (name: string, action: Action) => Promise<Service | undefined>
  readonly logs: (name: string) => void
  readonly unwatch: (name: string) => Promise<void>
}

/**
 * A watched service in the list. It is updated in place, so that it keeps the focus while the page
 * polls.
 */
export interface Row {
  readonly element: HTMLLIElement
  readonly show: (service: Service) => void
}

const LABELS: Readonly<Record<Status, string>> = {
  running: 'running',
  stopped: 'stopped',
  failed: 'failed',
  changing: 'changing',
  unknown: 'not found',
}

export const row = (name: string, on: RowActions): Row => {
  const dot = h('span', { className: 'dot', ariaHidden: 'true' })
  const description = h('span', { className: 'description' })
  const state = h('span', { className: 'state' })
  const since = h('span', { className: 'uptime' })
  const problem = h('p', { className: 'problem', hidden: true })
  let next: Action = 'start'

  /**
   * Runs one action at a time. Meanwhile the buttons do nothing; they are not disabled, since that
   * would take the keyboard focus away.
   */
  const whileBusy = (work: () => Promise<void>) => async (): Promise<void> => {
    if (element.ariaBusy === 'true') return
    element.ariaBusy = 'true'
    problem.hidden = true
    try {
      await work()
    } catch (thrown) {
      problem.textContent = messageOf(thrown)
      problem.hidden = false
    } finally {
      element.ariaBusy = 'false'
    }
  }
  const controls = (action: () => Action) =>
    whileBusy(async () => {
      const service = await on.control(name, action())
      if (service !== undefined) show(service)
    })
  const labelled = (text: string): Partial<HTMLButtonElement> => ({ ariaLabel: `${text} ${name}` })

  const startOrStop = button(
    'Start',
    controls(() => next),
    labelled('Start'),
  )
  const element = h(
    'li',
    { className: 'service' },
    dot,
    h(
      'div',
      { className: 'name' },
      h('strong', { textContent: name.replace(/\.service$/, ''), title: name }),
      description,
    ),
    h('div', { className: 'condition' }, state, since),
    h(
      'div',
      { className: 'actions' },
      startOrStop,
      button(
        'Restart',
        controls(() => 'restart'),
        labelled('Restart'),
      ),
      button('Logs', () => on.logs(name), labelled('Logs of')),
      button(
        'Remove',
        whileBusy(() => on.unwatch(name)),
        labelled('Remove from the list:'),
      ),
    ),
    problem,
  )

  const show = (service: Service): void => {
    element.dataset.status = service.status
    description.textContent = service.description === name ? '' : service.description
    state.textContent = LABELS[service.status]
    state.title = `${service.active_state} (${service.sub_state})`
    since.textContent = uptime(service.uptime_seconds)
    next = service.status === 'running' || service.status === 'changing' ? 'stop' : 'start'
    startOrStop.textContent = next === 'stop' ? 'Stop' : 'Start'
    startOrStop.ariaLabel = `${startOrStop.textContent} ${name}`
  }
  return { element, show }
}
