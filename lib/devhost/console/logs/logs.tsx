import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { LogEntry } from '../../console-api.js'
import { Button } from '../components/button.js'
import { Empty } from '../components/feedback.js'
import { Field, Select } from '../components/fields.js'
import { timeOfDay } from '../components/format.js'
import { MAX_LOGS } from '../state/state.js'
import { useStore } from '../state/store.js'
import { LEVELS, type Level, levelOf, matchesLog, mergeLogs } from './log-filter.js'

/** A list this close to its end, in pixels, counts as scrolled to the end. */
const END_DISTANCE = 24

const NONE: ReadonlyArray<LogEntry> = []

/**
 * The log of a plugin, or for `null` of all plugins. It follows new entries until someone scrolls
 * up.
 */
export const Logs = ({ plugin }: { readonly plugin: string | null }) => {
  const logs = useStore(state => state.logs)
  const [least, setLeast] = useState<Level>('Trace')
  const [text, setText] = useState('')
  const [follow, setFollow] = useState(true)
  const list = useRef<HTMLOListElement>(null)
  const all = plugin === null ? mergeLogs([...logs.values()], MAX_LOGS) : (logs.get(plugin) ?? NONE)
  const entries = all.filter(matchesLog(least, text))
  useLayoutEffect(() => {
    if (follow && list.current !== null) list.current.scrollTop = list.current.scrollHeight
  })
  return (
    <section class="card flush" aria-label="Log">
      <div class="toolbar">
        <Field label="Search the log" search value={text} onInput={setText} />
        <Select
          label="Minimum level"
          value={least}
          options={LEVELS.map(level => [
            level,
            level === 'Trace' ? 'Every level' : level === 'Error' ? 'Error' : `${level} and above`,
          ])}
          onChange={setLeast}
        />
        <span class="spacer" />
        <span class="muted">
          {entries.length === all.length
            ? `${all.length} ${all.length === 1 ? 'entry' : 'entries'}`
            : `${entries.length} of ${all.length}`}
        </span>
        <Button icon="down" name="Follow" pressed={follow} onClick={() => setFollow(!follow)} />
      </div>
      {entries.length === 0 ? (
        <Empty>{all.length === 0 ? 'No entry yet.' : 'No entry matches the filter.'}</Empty>
      ) : (
        <ol
          class="log"
          ref={list}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
          tabIndex={0}
          aria-label="Entries"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
            setFollow(scrollHeight - scrollTop - clientHeight < END_DISTANCE)
          }
        >
          {entries.map(entry => (
            <Entry key={`${entry.plugin}/${entry.n}`} entry={entry} withPlugin={plugin === null} />
          ))}
        </ol>
      )}
    </section>
  )
}

const Entry = ({
  entry,
  withPlugin,
}: {
  readonly entry: LogEntry
  readonly withPlugin: boolean
}) => (
  <li data-level={levelOf(entry)}>
    <time class="muted" dateTime={entry.timestamp}>
      {timeOfDay(entry.timestamp)}
    </time>
    <span class="level">{levelOf(entry)}</span>
    {withPlugin && <span class="chip">{entry.plugin}</span>}
    <span class="text">
      {entry.error === undefined ? (
        entry.message
      ) : (
        <details>
          <summary>{entry.message}</summary>
          <pre>{entry.error}</pre>
        </details>
      )}
    </span>
  </li>
)
