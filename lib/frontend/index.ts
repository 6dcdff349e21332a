/// <reference lib="dom" />

/**
 * `toru-plugin-api/frontend`: the browser's half of a plugin. No framework is needed and none is in the way: a view gets an element and fills it.
 *
 * @module
 */

/** What the panel gives to a frontend. */
export interface PanelApi {
  /** A request to this plugin, by the path below its route, query included: `/notes/5`. The panel finds the plugin by its id, so the route has to be `/` and the id. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Shows another page of the panel. */
  navigate(path: string): void
  /** Shows a message for a moment. */
  showToast(message: string, kind?: ToastKind): void
  readonly kv: PanelKv
}

/** What a message of the panel looks like. */
export type ToastKind = 'success' | 'error' | 'info'

/** The panel's own table of this plugin. It is the plugin's `ctx.kv` only where that is `hostKv()`. */
export interface PanelKv {
  /** The value of a key; `null` where there is none. */
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/** Takes down what {@link PluginView.mount} has put up: timers, listeners on the window, a framework's root. The element itself is emptied for you. */
export type Unmount = () => void

/** A plugin's page. */
export interface PluginView {
  /** The plugin's id. */
  readonly id: string
  /** Fills the element. May give back, at once or as a promise, what takes everything down again. */
  readonly mount: (container: HTMLElement, api: PanelApi) => Unmount | void | Promise<Unmount | void>
}

/** A frontend in the form that the panel looks for in `window.ToruPlugins`, under the plugin's id. */
export interface RegisteredView {
  mount(container: HTMLElement, api: PanelApi): void
  unmount(container: HTMLElement): void
}

declare global {
  interface Window {
    ToruPlugins?: Record<string, RegisteredView>
  }
}

/** Registers a plugin's page with the panel. Call it once, at the top of `frontend/main.ts`. */
export const definePluginView = ({ id, mount }: PluginView): void => {
  const unmounts = new Map<HTMLElement, Promise<Unmount | void>>()
  const unmount = (container: HTMLElement): void => {
    const taken = unmounts.get(container)
    unmounts.delete(container)
    taken?.then(down => down?.())
    container.replaceChildren()
  }
  window.ToruPlugins ??= {}
  window.ToruPlugins[id] = {
    mount(container, api) {
      unmount(container)
      unmounts.set(container, Promise.resolve(mount(container, api)))
    },
    unmount,
  }
}
