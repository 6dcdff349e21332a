import type { ComponentChildren } from 'preact'
import type { BuildError, ConsolePlugin } from '../../console-api.js'
import { bytes, milliseconds, span } from '../components/format.js'
import { Alert, useNow } from '../components/parts.js'
import { Chart } from '../traffic/chart-view.js'

const Tile = ({
  name,
  children,
}: {
  readonly name: string
  readonly children: ComponentChildren
}) => (
  <div class="card stat">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

const Fact = ({
  name,
  children,
}: {
  readonly name: string
  readonly children: ComponentChildren
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

/** How long a plugin's process has been running; a dash where there is none. */
export const Uptime = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const now = useNow(1_000)
  return <>{plugin.running && plugin.startedAt !== null ? span(now - plugin.startedAt) : '–'}</>
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

const BUILD = { building: 'is being built…', ok: 'built', failed: 'failed' } as const

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

/** A plugin's process, build and identity. */
export const Overview = ({ plugin }: { readonly plugin: ConsolePlugin }) => (
  <>
    {plugin.reason !== null && plugin.state !== 'running' && (
      <Alert title={`${plugin.name} is ${plugin.state}: `}>{plugin.reason}</Alert>
    )}
    <dl class="stats">
      <Tile name="Health">
        <span
          class={plugin.health === 'healthy' ? 'good' : plugin.health === 'unhealthy' ? 'bad' : ''}
        >
          {plugin.health}
        </span>
      </Tile>
      <Tile name="Process">{plugin.pid ?? '–'}</Tile>
      <Tile name="Memory">{bytes(plugin.memory)}</Tile>
      <Tile name="Uptime">
        <Uptime plugin={plugin} />
      </Tile>
      <Tile name="Time to socket">{milliseconds(plugin.socketAfter)}</Tile>
      <Tile name="Restarts">{plugin.restarts}</Tile>
    </dl>
    <Chart plugin={plugin.id} />
    <div class="columns">
      <Build plugin={plugin} />
      {plugin.route !== '' && <Identity plugin={plugin} />}
    </div>
  </>
)
