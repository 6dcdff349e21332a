import type { ConsolePlugin } from '../../console-api.js'
import { panelApi } from './panel-api.js'

/**
 * Loads a plugin's bundle and mounts its view into an element, as the panel does. Calls `fail` with
 * whatever goes wrong while it is mounted. Returns the function that unmounts it.
 */
export const mountBundle = (
  plugin: ConsolePlugin,
  container: HTMLElement,
  fail: (reason: string) => void,
): (() => void) => {
  const address = `/api/plugins/${plugin.id}/bundle.js`
  const thrown = ({ filename, message }: ErrorEvent): void => {
    if (filename.includes(address)) fail(message)
  }
  const rejected = ({ reason }: PromiseRejectionEvent): void => {
    if (reason instanceof Error && reason.stack?.includes(address)) fail(String(reason))
  }
  addEventListener('error', thrown)
  addEventListener('unhandledrejection', rejected)
  const script = document.createElement('script')
  let unmount = (): void => {}
  script.addEventListener('error', () => fail(`${address} could not be loaded`))
  script.addEventListener('load', () => {
    const views = window.ToruPlugins ?? {}
    const view = Object.hasOwn(views, plugin.id) ? views[plugin.id] : undefined
    if (view === undefined)
      return fail(`bundle.js did not set window.ToruPlugins[${JSON.stringify(plugin.id)}]`)
    unmount = guarded(fail, () => view.unmount(container))
    guarded(fail, () => view.mount(container, panelApi(plugin)))()
  })
  // Otherwise a bundle that registers nothing would show the previous bundle's view.
  if (window.ToruPlugins !== undefined) delete window.ToruPlugins[plugin.id]
  script.src = `${address}?v=${plugin.frontend}`
  document.head.append(script)
  return () => {
    unmount()
    container.replaceChildren()
    script.remove()
    removeEventListener('error', thrown)
    removeEventListener('unhandledrejection', rejected)
  }
}

/** A view is foreign code: what it throws is reported, and the page goes on. */
const guarded = (fail: (reason: string) => void, run: () => void) => (): void => {
  try {
    run()
  } catch (error) {
    fail(String(error))
  }
}
