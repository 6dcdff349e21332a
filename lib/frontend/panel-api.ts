/** What the panel gives to a frontend. */
export interface PanelApi {
  /**
   * A request to this plugin, by the path below its route, query included: `/notes/5`. The panel
   * finds the plugin by its id, so the route has to be `/` and the id.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Shows another page of the panel. */
  navigate(path: string): void
  /** Shows a message for a moment. */
  showToast(message: string, kind: ToastKind): void
  readonly kv: PanelKv
}

/** What a message of the panel looks like. */
export type ToastKind = 'success' | 'error' | 'info'

/**
 * The panel's own table of this plugin. It is the plugin's `ctx.kv` only where that is `hostKv()`.
 */
export interface PanelKv {
  /** The value of a key; `null` where there is none. */
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/**
 * A frontend in the form that the panel looks for in `window.ToruPlugins`, under the plugin's id.
 */
export interface RegisteredView {
  mount(container: HTMLElement, api: PanelApi): void
  unmount(container: HTMLElement): void
  /**
   * What is shown, by the panel's element, and what takes it down. A bundle that is loaded again
   * finds here what the one before has put up.
   */
  readonly shown?: WeakMap<HTMLElement, () => void>
}

declare global {
  interface Window {
    ToruPlugins?: Record<string, RegisteredView>
  }
}
