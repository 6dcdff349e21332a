/** The tabs of a plugin, in order. */
export const PLUGIN_TABS = ['overview', 'view', 'routes', 'traffic', 'logs', 'storage'] as const
/** The tabs of the page of all plugins, in order. */
export const HOME_TABS = ['plugins', 'traffic', 'logs'] as const

/** A tab of a plugin. */
export type PluginTab = (typeof PLUGIN_TABS)[number]
/** A tab of the page of all plugins. */
export type HomeTab = (typeof HOME_TABS)[number]

/** What the page shows. */
export type Place =
  | { readonly plugin: string; readonly tab: PluginTab }
  | { readonly plugin: null; readonly tab: HomeTab }

/** Stands for all plugins: no plugin's id contains this character. */
const ALL = '~'

/**
 * Parses a URL's hash, such as `#/notes/logs` or `#/~/traffic`. An unknown tab becomes the first
 * one.
 */
export const placeOf = (hash: string): Place => {
  const [plugin = '', tab = ''] = hash.replace(/^#?\/?/, '').split('/')
  return plugin === '' || plugin === ALL
    ? { plugin: null, tab: HOME_TABS.find(name => name === tab) ?? 'plugins' }
    : { plugin, tab: PLUGIN_TABS.find(name => name === tab) ?? 'overview' }
}

/** The URL's hash for a place. */
export const hashOf = ({ plugin, tab }: Place): string =>
  plugin !== null ? `#/${plugin}/${tab}` : tab === 'plugins' ? '#/' : `#/${ALL}/${tab}`

/**
 * The place of another plugin with the current tab, or the overview if plugins do not have that
 * tab.
 */
export const placeFor = (plugin: string, now: Place): Place => ({
  plugin,
  tab: PLUGIN_TABS.find(name => name === now.tab) ?? 'overview',
})

/** The label of a tab. */
export const tabName = (tab: PluginTab | HomeTab): string =>
  (tab[0] ?? '').toUpperCase() + tab.slice(1)
