import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { RouteDescription } from '../../../domain/plugin-description.js'
import type { ConsolePlugin } from '../../console-api.js'
import { Alert, Empty } from '../components/feedback.js'
import { getDescription } from '../state/host-api.js'
import { Answer } from './answer.js'
import { blankCall, type Call } from './call.js'
import { type Description, descriptionOf } from './description.js'
import type { PastCall } from './history.js'
import { History } from './history-list.js'
import { KvHandlers } from './kv-handlers.js'
import { CallForm } from './route-form.js'
import { useCalls } from './use-calls.js'

/** A path with line-break opportunities before its segments. */
const breakable = (path: string): ComponentChildren =>
  path.split(/(?=\/)/).map((part, index) => [index > 0 && <wbr key={part} />, part])

const routeName = (route: RouteDescription | Call): string =>
  'route' in route ? `${route.method} ${route.route}` : `${route.method} ${route.path}`

/** The plugin's description, loaded again after each build and start. */
const useDescription = ({ id, pid, build }: ConsolePlugin): Description | string | null => {
  const [description, setDescription] = useState<Description | string | null>(null)
  useEffect(() => {
    let wanted = true
    getDescription(id).then(outcome => {
      if (wanted) setDescription(outcome.ok ? descriptionOf(outcome.value) : outcome.error)
    })
    return () => {
      wanted = false
    }
  }, [id, pid, build.state])
  return description
}

/** A plugin's routes with a form to call them, the history of calls, and its `@Kv` handlers. */
export const Routes = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const description = useDescription(plugin)
  if (description === null) return <Empty>Loading the description…</Empty>
  if (typeof description === 'string')
    return <Alert title="The plugin does not describe itself: ">{description}</Alert>
  return (
    <>
      {description.routes.length === 0 ? (
        <Empty>This plugin has no routes.</Empty>
      ) : (
        <RouteCalls plugin={plugin} routes={description.routes} />
      )}
      <KvHandlers plugin={plugin} handlers={description.kv} />
    </>
  )
}

const RouteCalls = ({
  plugin,
  routes,
}: {
  readonly plugin: ConsolePlugin
  readonly routes: ReadonlyArray<RouteDescription>
}) => {
  const [chosen, choose] = useState(routes[0] === undefined ? '' : routeName(routes[0]))
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Call>>(new Map())
  const { answer, busy, history, send, forget } = useCalls(plugin)
  const route = routes.find(one => routeName(one) === chosen) ?? routes[0]
  if (route === undefined) return null
  const call = drafts.get(routeName(route)) ?? blankCall(route)
  const write = (draft: Call): void => setDrafts(new Map(drafts).set(routeName(draft), draft))
  const recall = ({ call: past }: PastCall): void => {
    write(past)
    choose(routeName(past))
  }
  return (
    <div class="split">
      <nav class="card routes" aria-label="Routes">
        <ul>
          {routes.map(one => (
            <li key={routeName(one)}>
              <button
                type="button"
                aria-current={one === route ? 'true' : undefined}
                onClick={() => choose(routeName(one))}
              >
                <span class="method" data-method={one.method}>
                  {one.method}
                </span>
                <code>{breakable(one.path)}</code>
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div class="stack">
        <CallForm
          plugin={plugin}
          route={route}
          call={call}
          busy={busy}
          onChange={write}
          onSend={() => send(call)}
        />
        <p class="sr-only" role="status">
          {answer !== null && `Answer: ${answer.status ?? answer.problem}`}
        </p>
        {answer !== null && answer.of === routeName(route) && (
          <Answer plugin={plugin} route={route} answer={answer} />
        )}
        <History
          history={history}
          onRecall={recall}
          onReplay={past => {
            recall(past)
            send(past.call)
          }}
          onForget={forget}
        />
      </div>
    </div>
  )
}
