/** The panel's `api` for a frontend. */
export interface PanelApi {
  /**
   * Sends a request to this plugin. `path` is the part below the plugin's route, with the query.
   * The panel uses the plugin's id as its route, so the route has to be `/` and the id.
   */
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Shows another page of the panel. */
  navigate(path: string): void
  /** Shows a short-lived message. Today's panel shows none (docs/protocol.md#panel). */
  showToast(message: string, kind: ToastKind): void
  readonly kv: PanelKv
}

/** The kind of a message. */
export type ToastKind = 'success' | 'error' | 'info'

/**
 * The panel's own table of keys for this plugin. The plugin's `ctx.kv` is the same only with
 * `hostKv()`.
 */
export interface PanelKv {
  /** The value of a key; `null` if there is none. */
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<unknown>
}

/** A frontend as the panel expects it in `window.ToruPlugins`, under the plugin's id. */
export interface RegisteredView {
  mount(container: HTMLElement, api: PanelApi): void
  unmount(container: HTMLElement): void
  /**
   * The functions that take down mounted views, by the panel's element. A bundle that is loaded
   * again uses them to replace the views of its predecessor.
   */
  readonly shown?: WeakMap<HTMLElement, () => void>
}

declare global {
  interface Window {
    ToruPlugins?: Record<string, RegisteredView>
  }
}
