import { Button } from '../components/button.js'
import { milliseconds, timeOfDay } from '../components/format.js'
import { Status } from './answer.js'
import { requestOf } from './call.js'
import type { PastCall } from './history.js'

const address = ({ call }: PastCall): string => {
  const made = requestOf(call)
  return 'request' in made ? made.request.path : call.route
}

/** The calls that were sent, newest first. Each can be loaded into the form or sent again. */
export const History = (props: {
  readonly history: ReadonlyArray<PastCall>
  readonly onRecall: (past: PastCall) => void
  readonly onReplay: (past: PastCall) => void
  readonly onForget: () => void
}) => {
  const { history, onRecall, onReplay, onForget } = props
  if (history.length === 0) return null
  return (
    <section class="card history" aria-labelledby="history">
      <div class="row between">
        <h2 id="history">History</h2>
        <Button icon="trash" name="Clear the history" iconOnly kind="plain" onClick={onForget} />
      </div>
      <ul>
        {history.map(past => (
          <li key={past.at}>
            <button
              type="button"
              class="recall"
              title="Show it in the form"
              onClick={() => onRecall(past)}
            >
              <span class="method" data-method={past.call.method}>
                {past.call.method}
              </span>
              <code>{address(past)}</code>
            </button>
            <Status status={past.status} />
            <span class="muted number">{milliseconds(past.took)}</span>
            <time class="muted wide" dateTime={new Date(past.at).toISOString()}>
              {timeOfDay(past.at)}
            </time>
            <Button
              icon="restart"
              name={`Replay ${past.call.method} ${address(past)}`}
              iconOnly
              kind="plain"
              onClick={() => onReplay(past)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
