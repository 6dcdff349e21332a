import type { Action, Service, Status } from '../service.js'
import { button, h, messageOf } from './dom.js'
import { uptime } from './uptime.js'

/** What can be done with a row. */
export interface RowActions {
  /** Resolves to how the service is then, or to nothing where somebody thought better of it. */
  readonly control: (name: string, action: Action) => Promise<Service | undefined>
  readonly logs: (name: string) => void
  readonly unwatch: (name: string) => Promise<void>
}

/**
 * A watched service in the list: it is changed in place, so the focus stays where it is while the
 * page polls.
 */
export interface Row {
  readonly element: HTMLLIElement
  readonly show: (service: Service) => void
}

const WORDS: Readonly<Record<Status, string>> = {
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
   * One thing at a time. The buttons stay in reach of the keyboard, so they are not disabled, and
   * do nothing.
   */
  const busily = (work: () => Promise<void>) => async (): Promise<void> => {
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
    busily(async () => {
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
        busily(() => on.unwatch(name)),
        labelled('Remove from the list:'),
      ),
    ),
    problem,
  )

  const show = (service: Service): void => {
    element.dataset.status = service.status
    description.textContent = service.description === name ? '' : service.description
    state.textContent = WORDS[service.status]
    state.title = `${service.active_state} (${service.sub_state})`
    since.textContent = uptime(service.uptime_seconds)
    next = service.status === 'running' || service.status === 'changing' ? 'stop' : 'start'
    startOrStop.textContent = next === 'stop' ? 'Stop' : 'Start'
    startOrStop.ariaLabel = `${startOrStop.textContent} ${name}`
  }
  return { element, show }
}
