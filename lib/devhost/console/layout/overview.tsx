import type { ComponentChildren } from 'preact'
import type { BuildError, ConsolePlugin } from '../../console-api.js'
import { Alert } from '../components/feedback.js'
import { bytes, duration, milliseconds } from '../components/format.js'
import { useNow } from '../components/use-now.js'
import { Chart } from '../traffic/chart-view.js'

const Fact = (props: {
  readonly name: string
  readonly class?: string
  readonly children: ComponentChildren
}) => (
  <div class={props.class}>
    <dt>{props.name}</dt>
    <dd>{props.children}</dd>
  </div>
)

/** How long a plugin's process has been running; a dash if there is none. */
export const Uptime = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const now = useNow(1_000)
  return <>{plugin.running && plugin.startedAt !== null ? duration(now - plugin.startedAt) : '–'}</>
}

const place = ({ file, line, column }: BuildError): string =>
  [file, line, column === null ? null : column + 1].filter(part => part !== null).join(':')

const Problem = ({ error }: { readonly error: BuildError }) => (
  <li class="problem">
    <p>
      <span class="chip">{error.half}</span> <code>{place(error)}</code>
    </p>
    <p class="bad">{error.text}</p>
    {error.lineText !== null && (
      <pre>
        {error.lineText}
        {error.column !== null && `\n${error.lineText.slice(0, error.column).replace(/\S/g, ' ')}^`}
      </pre>
    )}
  </li>
)

const BUILD = { building: 'building…', ok: 'built', failed: 'failed' } as const

const Build = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const { state, errors, took } = plugin.build
  return (
    <section class="card" aria-labelledby="build">
      <h2 id="build">Build</h2>
      <dl class="facts">
        <Fact name="State">
          <span class={state === 'failed' ? 'bad' : state === 'ok' ? 'good' : ''}>
            {BUILD[state]}
          </span>
          {took !== null && <span class="muted"> in {milliseconds(took)}</span>}
        </Fact>
        <Fact name="Source">
          <code>{plugin.source}</code>
        </Fact>
        <Fact name="Frontend">
          {plugin.frontend === null ? 'none' : <code>{plugin.frontend}</code>}
        </Fact>
      </dl>
      {errors.length > 0 && (
        <ul class="problems" aria-label="Build errors">
          {errors.map((error, index) => (
            <Problem key={`${index}${place(error)}`} error={error} />
          ))}
        </ul>
      )}
    </section>
  )
}

const Identity = ({ plugin }: { readonly plugin: ConsolePlugin }) => (
  <section class="card" aria-labelledby="identity">
    <h2 id="identity">Identity</h2>
    <dl class="facts">
      <Fact name="Id">
        <code>{plugin.id}</code>
      </Fact>
      <Fact name="Route">
        <code>{plugin.route}</code>
      </Fact>
      <Fact name="Reached at">
        <code>/api/plugins/route{plugin.route}</code>
      </Fact>
      <Fact name="Socket">
        <code>{plugin.socket_path}</code>
      </Fact>
    </dl>
  </section>
)

/** A plugin's process, build and metadata. */
export const Overview = ({ plugin }: { readonly plugin: ConsolePlugin }) => (
  <>
    {plugin.reason !== null && plugin.state !== 'running' && (
      <Alert title={`${plugin.name} is ${plugin.state}: `}>{plugin.reason}</Alert>
    )}
    <dl class="stats">
      <Fact class="card stat" name="Health">
        <span
          class={plugin.health === 'healthy' ? 'good' : plugin.health === 'unhealthy' ? 'bad' : ''}
        >
          {plugin.health}
        </span>
      </Fact>
      <Fact class="card stat" name="Process">
        {plugin.pid ?? '–'}
      </Fact>
      <Fact class="card stat" name="Memory">
        {bytes(plugin.memory)}
      </Fact>
      <Fact class="card stat" name="Uptime">
        <Uptime plugin={plugin} />
      </Fact>
      <Fact class="card stat" name="Time to socket">
        {milliseconds(plugin.socketAfter)}
      </Fact>
      <Fact class="card stat" name="Restarts">
        {plugin.restarts}
      </Fact>
    </dl>
    <Chart plugin={plugin.id} />
    <div class="columns">
      <Build plugin={plugin} />
      {plugin.route !== '' && <Identity plugin={plugin} />}
    </div>
  </>
)
