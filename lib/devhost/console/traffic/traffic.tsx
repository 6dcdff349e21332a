import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import type { Exchange } from '../../console-api.js'
import { Status } from '../calls/answer.js'
import { Button } from '../components/button.js'
import { Empty } from '../components/feedback.js'
import { Checkbox, Field, Select } from '../components/fields.js'
import { bytes, milliseconds, timeOfDay } from '../components/format.js'
import { Icon } from '../components/icons.js'
import { newWhilePaused } from '../state/state.js'
import { store, useStore } from '../state/store.js'
import { isError } from './chart.js'
import { Chart } from './chart-view.js'
import { matches, type TrafficFilter } from './filter.js'
import { Raw } from './frames.js'

const MAX_ROWS = 200

const KINDS = [
  ['all', 'Every kind'],
  ['http', 'HTTP'],
  ['kv', 'KV'],
  ['lifecycle', 'Lifecycle'],
] as const

/** The columns of the table, with their classes. */
const COLUMNS = [
  ['Time', 'wide'],
  ['Plugin', ''],
  ['Message', ''],
  ['Status', ''],
  ['Took', 'number'],
  ['Sent', 'number wide'],
  ['Received', 'number wide'],
  ['Dialect', 'wide'],
] as const

/**
 * The messages to plugins and their answers, newest first. `plugin` is the one that is shown at
 * first; `null` means all.
 */
export const Traffic = ({ plugin }: { readonly plugin: string | null }) => {
  const live = useStore(state => state.exchanges)
  const pause = useStore(state => state.pause)
  const [filter, setFilter] = useState<TrafficFilter>({
    plugin,
    kind: 'all',
    text: '',
    errorsOnly: false,
  })
  const [open, setOpen] = useState<number | null>(null)
  const all = (pause?.shown ?? live).filter(matches(filter))
  const rows = all.slice(-MAX_ROWS).reverse()
  return (
    <>
      <Chart plugin={filter.plugin} />
      <section class="card flush" aria-label="Messages">
        <div class="toolbar">
          <Field
            label="Filter messages"
            search
            value={filter.text}
            onInput={text => setFilter({ ...filter, text })}
          />
          <Select
            label="Kind"
            value={filter.kind}
            options={KINDS}
            onChange={kind => setFilter({ ...filter, kind })}
          />
          {plugin !== null && (
            <Select
              label="Plugins"
              value={filter.plugin === null ? 'all' : 'one'}
              options={[
                ['one', 'This plugin'],
                ['all', 'All plugins'],
              ]}
              onChange={which => setFilter({ ...filter, plugin: which === 'all' ? null : plugin })}
            />
          )}
          <Checkbox
            label="Errors only"
            value={filter.errorsOnly}
            onChange={errorsOnly => setFilter({ ...filter, errorsOnly })}
          />
          <span class="spacer" />
          <PauseButton />
          <Button icon="trash" name="Clear" onClick={() => store.dispatch({ type: 'clear' })} />
        </div>
        {rows.length === 0 ? (
          <Empty>{live.length === 0 ? 'No message yet.' : 'No message matches the filter.'}</Empty>
        ) : (
          <table class="traffic">
            <thead>
              <tr>
                {COLUMNS.filter(([name]) => name !== 'Plugin' || filter.plugin === null).map(
                  ([name, look]) => (
                    <th key={name} scope="col" class={look}>
                      {name}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {rows.map(exchange => (
                <Fragment key={exchange.n}>
                  <Row
                    exchange={exchange}
                    withPlugin={filter.plugin === null}
                    open={open === exchange.n}
                    onOpen={() => setOpen(open === exchange.n ? null : exchange.n)}
                  />
                  {open === exchange.n && (
                    <tr class="detail">
                      <td colSpan={8}>
                        <Raw exchange={exchange} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        )}
        {all.length > rows.length && (
          <p class="empty">
            The newest {rows.length} of {all.length}; filter to see others.
          </p>
        )}
      </section>
    </>
  )
}

const PauseButton = () => {
  const paused = useStore(state => state.pause !== null)
  const count = useStore(newWhilePaused)
  return (
    <Button
      icon={paused ? 'play' : 'pause'}
      name={paused ? `Resume (${count} new)` : 'Pause'}
      {...(paused ? { kind: 'primary' as const } : {})}
      onClick={() => store.dispatch({ type: paused ? 'resume' : 'pause' })}
    />
  )
}

const Row = (props: {
  readonly exchange: Exchange
  readonly withPlugin: boolean
  readonly open: boolean
  readonly onOpen: () => void
}) => {
  const { exchange, withPlugin, open, onOpen } = props
  return (
    <tr data-error={isError(exchange)}>
      <td class="muted wide">
        <time dateTime={new Date(exchange.at).toISOString()}>{timeOfDay(exchange.at)}</time>
      </td>
      {withPlugin && <td>{exchange.plugin}</td>}
      <td class="message">
        <button type="button" class="open" aria-expanded={open} onClick={onOpen}>
          <Icon name="chevron" />
          <span class="chip" data-kind={exchange.kind}>
            {exchange.kind}
          </span>
          <code>{exchange.title}</code>
        </button>
        {exchange.error !== null && <p class="bad">{exchange.error}</p>}
      </td>
      <td>
        {exchange.status === null ? (
          <span class="muted">–</span>
        ) : (
          <Status status={exchange.status} />
        )}
      </td>
      <td class="number">{milliseconds(exchange.took)}</td>
      <td class="number wide">{bytes(exchange.sent)}</td>
      <td class="number wide">{bytes(exchange.received)}</td>
      <td class="muted wide">{exchange.dialect}</td>
    </tr>
  )
}
