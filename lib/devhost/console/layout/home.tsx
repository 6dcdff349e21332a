import type { ConsolePlugin } from '../../console-api.js'
import { Empty, StateDot } from '../components/feedback.js'
import { bytes, milliseconds } from '../components/format.js'
import { pluginIcon } from '../components/text.js'
import { Logs } from '../logs/logs.js'
import { useStore } from '../state/store.js'
import { Chart } from '../traffic/chart-view.js'
import { Traffic } from '../traffic/traffic.js'
import { Uptime } from './overview.js'
import { HOME_TABS, type HomeTab, hashOf } from './place.js'
import { Actions } from './plugin-page.js'
import { Tabs } from './tabs.js'

const Card = ({ plugin }: { readonly plugin: ConsolePlugin }) => (
  <li class="card plugin">
    <div class="plugin-head">
      <span class="tile" aria-hidden="true">
        {pluginIcon(plugin.icon, plugin.name)}
      </span>
      <h2>
        <a href={hashOf({ plugin: plugin.id, tab: 'overview' })}>{plugin.name}</a>
      </h2>
      <span class="muted">{plugin.version}</span>
      <StateDot plugin={plugin} />
    </div>
    {plugin.build.state === 'failed' && (
      <p class="bad">The build failed: {plugin.build.errors[0]?.text ?? 'see its overview'}</p>
    )}
    {plugin.reason !== null && plugin.state !== 'running' && <p class="muted">{plugin.reason}</p>}
    <dl class="figures">
      <div>
        <dt>Process</dt>
        <dd>{plugin.pid ?? '–'}</dd>
      </div>
      <div>
        <dt>Memory</dt>
        <dd>{bytes(plugin.memory)}</dd>
      </div>
      <div>
        <dt>Uptime</dt>
        <dd>
          <Uptime plugin={plugin} />
        </dd>
      </div>
      <div>
        <dt>Time to socket</dt>
        <dd>{milliseconds(plugin.socketAfter)}</dd>
      </div>
      <div>
        <dt>Restarts</dt>
        <dd>{plugin.restarts}</dd>
      </div>
    </dl>
    <p class="muted source">{plugin.source}</p>
    <Actions plugin={plugin} />
  </li>
)

const Plugins = () => {
  const plugins = useStore(state => state.plugins)
  return (
    <>
      <Chart plugin={null} />
      {plugins.length === 0 && (
        <Empty>No plugin yet. Give the command an entry, or a folder with .binary files.</Empty>
      )}
      <ul class="plugins">
        {plugins.map(plugin => (
          <Card key={plugin.id} plugin={plugin} />
        ))}
      </ul>
    </>
  )
}

const TAB = {
  plugins: Plugins,
  traffic: () => <Traffic plugin={null} />,
  logs: () => <Logs plugin={null} />,
} as const

/** The page of all plugins together. */
export const Home = ({ tab }: { readonly tab: HomeTab }) => {
  const plugins = useStore(state => state.plugins)
  const running = plugins.filter(plugin => plugin.running).length
  const Tab = TAB[tab]
  return (
    <>
      <div class="title">
        <div class="title-text">
          <h1>All plugins</h1>
          <p class="muted">
            {running} of {plugins.length} running
          </p>
        </div>
      </div>
      <Tabs
        label="All plugins"
        now={tab}
        places={HOME_TABS.map(name => ({ plugin: null, tab: name }))}
      >
        <Tab />
      </Tabs>
    </>
  )
}
