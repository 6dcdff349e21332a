import { ID_PATTERN } from '../domain/host.js'
import type { PanelApi } from './panel-api.js'

/**
 * Undoes what {@link PluginView.mount} has done outside of the element: timers, listeners on the
 * window, a framework's root. The element itself is removed for you.
 */
export type Unmount = () => void

/** A plugin's page. */
export interface PluginView {
  /** The id of `@Plugin`. */
  readonly id: string
  /**
   * Fills an element, which is new each time and is inside the panel's. May return a function that
   * takes the view down, or a promise of one. If it throws or rejects, a message takes the view's
   * place.
   */
  readonly mount: (
    container: HTMLElement,
    api: PanelApi,
  ) => Unmount | void | Promise<Unmount | void>
}

/**
 * Registers a plugin's page with the panel. Call it once, at the top of `frontend/main.ts`.
 *
 * @example
 * definePluginView({
 *   id: 'notes',
 *   mount(container, api) {
 *     container.append('Hello')
 *   },
 * })
 */
export const definePluginView = ({ id, mount }: PluginView): void => {
  if (typeof id !== 'string' || !ID_PATTERN.test(id)) {
    console.error(
      `definePluginView: expected a plugin's id, of the characters A-Z a-z 0-9 - only, got ${JSON.stringify(id)}; it is not registered`,
    )
    return
  }
  if (typeof mount !== 'function') {
    console.error(
      `definePluginView: expected a function mount(container, api) for the plugin "${id}", got ${typeof mount}; it is not registered`,
    )
    return
  }
  window.ToruPlugins ??= {}
  const shown = window.ToruPlugins[id]?.shown ?? new WeakMap<HTMLElement, () => void>()
  const unmount = (container: HTMLElement): void => {
    const takeDown = shown.get(container)
    shown.delete(container)
    takeDown?.()
  }
  window.ToruPlugins[id] = {
    shown,
    mount(container, api) {
      unmount(container)
      const element = document.createElement('div')
      element.dataset.toruPlugin = id
      container.replaceChildren(element)
      shown.set(
        container,
        show(id, element, () => mount(element, api)),
      )
    },
    unmount,
  }
}

/**
 * Mounts a view into `element`, and returns the function that takes it down. A mount that ends
 * later than that writes into an element that is no longer in the page.
 */
const show = (id: string, element: HTMLElement, mount: () => unknown): (() => void) => {
  let down: unknown
  let isGone = false
  const takeDown = (): void => {
    try {
      if (typeof down === 'function') down()
    } catch (error) {
      console.error(`The page of the plugin "${id}" failed while it was taken down:`, error)
    }
  }
  const mounted = (result: unknown): void => {
    down = result
    if (isGone) takeDown()
  }
  const failed = (error: unknown): void => {
    console.error(`The page of the plugin "${id}" failed:`, error)
    element.replaceChildren(notice(id, error))
  }
  try {
    const result = mount()
    if (result instanceof Promise) result.then(mounted, failed)
    else mounted(result)
  } catch (error) {
    failed(error)
  }
  return () => {
    isGone = true
    takeDown()
    element.remove()
  }
}

const notice = (id: string, error: unknown): HTMLElement => {
  const made = document.createElement('p')
  made.setAttribute('role', 'alert')
  made.textContent = `The page of the plugin "${id}" could not be shown: ${error instanceof Error ? error.message : String(error)}`
  return made
}
