import type { ConsolePlugin } from '../../console-api.js'
import { Routes } from '../calls/routes.js'
import { Button } from '../components/button.js'
import { Alert, StateDot } from '../components/feedback.js'
import { pluginIcon } from '../components/text.js'
import { Logs } from '../logs/logs.js'
import { act } from '../state/host-api.js'
import { Storage } from '../storage/storage.js'
import { Traffic } from '../traffic/traffic.js'
import { View } from '../view/view.js'
import { Overview } from './overview.js'
import { hashOf, PLUGIN_TABS, type PluginTab } from './place.js'
import { Tabs } from './tabs.js'

/** The buttons of a plugin. One that was never built has no route yet, and no buttons. */
export const Actions = ({ plugin }: { readonly plugin: ConsolePlugin }) =>
  plugin.route === '' ? null : (
    <div class="row">
      {plugin.enabled ? (
        <Button icon="stop" name="Disable" onClick={() => act(plugin, 'disable')} />
      ) : (
        <Button icon="play" name="Enable" kind="primary" onClick={() => act(plugin, 'enable')} />
      )}
      <Button
        icon="restart"
        name="Restart"
        disabled={!plugin.enabled}
        onClick={() => act(plugin, 'restart')}
      />
      <Button
        icon="bolt"
        name="Kill"
        kind="danger"
        disabled={!plugin.running}
        onClick={() => act(plugin, 'kill')}
      />
    </div>
  )

const TAB = {
  overview: Overview,
  view: View,
  routes: Routes,
  traffic: ({ plugin }: { readonly plugin: ConsolePlugin }) => <Traffic plugin={plugin.id} />,
  logs: ({ plugin }: { readonly plugin: ConsolePlugin }) => <Logs plugin={plugin.id} />,
  storage: Storage,
} as const

/** The page of one plugin. */
export const PluginPage = ({
  plugin,
  tab,
}: {
  readonly plugin: ConsolePlugin
  readonly tab: PluginTab
}) => {
  const Tab = TAB[tab]
  return (
    <>
      <div class="title">
        <span class="tile large" aria-hidden="true">
          {pluginIcon(plugin.icon, plugin.name)}
        </span>
        <div class="title-text">
          <h1>{plugin.name}</h1>
          <p class="muted">
            <StateDot plugin={plugin} />{' '}
            {plugin.version !== '' && <span class="chip">{plugin.version}</span>}{' '}
            <span>{plugin.author ?? ''}</span>
          </p>
        </div>
        <Actions plugin={plugin} />
      </div>
      {tab !== 'overview' && plugin.build.state === 'failed' && (
        <Alert title="The build failed. ">
          The last version that was built is still there.{' '}
          <a href={hashOf({ plugin: plugin.id, tab: 'overview' })}>See the errors</a>
        </Alert>
      )}
      <Tabs
        label={plugin.name}
        now={tab}
        places={PLUGIN_TABS.map(name => ({ plugin: plugin.id, tab: name }))}
      >
        <Tab key={plugin.id} plugin={plugin} />
      </Tabs>
    </>
  )
}
