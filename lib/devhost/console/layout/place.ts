/** The tabs of a plugin, in their order. */
export const PLUGIN_TABS = ['overview', 'view', 'routes', 'traffic', 'logs', 'storage'] as const
/** The tabs of all plugins together. */
export const HOME_TABS = ['plugins', 'traffic', 'logs'] as const

/** A tab of a plugin. */
export type PluginTab = (typeof PLUGIN_TABS)[number]
/** A tab of all plugins together. */
export type HomeTab = (typeof HOME_TABS)[number]

/** What the page shows. */
export type Place =
  | { readonly plugin: string; readonly tab: PluginTab }
  | { readonly plugin: null; readonly tab: HomeTab }

/** No plugin's id has this sign. */
const ALL = '~'

/**
 * The place that an address names after its `#`: `#/notes/logs`, `#/~/traffic`. What is not known
 * is the nearest that is.
 */
export const placeOf = (hash: string): Place => {
  const [plugin = '', tab = ''] = hash.replace(/^#?\/?/, '').split('/')
  return plugin === '' || plugin === ALL
    ? { plugin: null, tab: HOME_TABS.find(name => name === tab) ?? 'plugins' }
    : { plugin, tab: PLUGIN_TABS.find(name => name === tab) ?? 'overview' }
}

/** The address of a place. */
export const hashOf = ({ plugin, tab }: Place): string =>
  plugin !== null ? `#/${plugin}/${tab}` : tab === 'plugins' ? '#/' : `#/${ALL}/${tab}`

/** The place of a plugin with the tab that is open now, where a plugin has it. */
export const placeFor = (plugin: string, now: Place): Place => ({
  plugin,
  tab: PLUGIN_TABS.find(name => name === now.tab) ?? 'overview',
})

/** What a tab is called. */
export const tabName = (tab: PluginTab | HomeTab): string =>
  (tab[0] ?? '').toUpperCase() + tab.slice(1)
