import type { PanelApi } from '../../../frontend/index.js'
import type { ConsolePlugin, KvTry } from '../../console-api.js'
import { hostKv } from '../state/host-api.js'
import { store, toast } from '../state/store.js'

/** The panel's `api` for a plugin's frontend, implemented with this host. */
export const panelApi = ({ id }: ConsolePlugin): PanelApi => ({
  fetch: (path, init) => fetch(`/api/plugins/route/${id}${path}`, init),
  navigate(path) {
    const other = /^\/plugins\/([A-Za-z0-9-]+)/.exec(path)?.[1]
    if (store.get().plugins.some(plugin => plugin.id === other)) location.hash = `#/${other}/view`
    else toast(`The panel would now show ${path}`)
  },
  showToast: (message, kind = 'info') => toast(message, kind),
  kv: {
    get: key => kv(id, { action: 'get', key }),
    set: (key, value) => kv(id, { action: 'set', key, value }),
  },
})

const kv = async (id: string, message: KvTry): Promise<string | null> => {
  const outcome = await hostKv(id, message)
  return outcome.ok ? outcome.value.value : Promise.reject(new Error(outcome.error))
}
