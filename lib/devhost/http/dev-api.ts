import { E, pipe, TE, t } from '../../fp.js'
import { askFailureText, askJson } from '../../plugin-process/ask-plugin.js'
import type { Context } from '../context.js'
import { sendKv } from '../exchange/forward.js'
import type { HostedPlugin } from '../plugin/registry.js'
import { askOptions } from '../process/launch.js'
import { sendEvents } from './event-stream.js'
import type { ApiRequest } from './plugins-api.js'
import { jsonOf, sendError, sendJson } from './reply.js'

const Edit = t.type({
  store: t.union([t.literal('host'), t.literal('plugin')]),
  key: t.string,
  value: t.union([t.string, t.null]),
})
const Try = t.intersection([
  t.type({
    action: t.union([t.literal('get'), t.literal('set'), t.literal('delete')]),
    key: t.string,
  }),
  t.partial({ value: t.string }),
])

/**
 * Answers a request of the console below `/api/dev`; see console-api.ts. `words` are the path's
 * segments below it.
 */
export const devApi = async (context: Context, api: ApiRequest): Promise<void> => {
  const { request, response, words } = api
  const method = request.method === 'HEAD' ? 'GET' : request.method
  switch (`${method} ${words[0] ?? ''}/${words.length}`) {
    case 'GET state/1':
      return sendJson(response, 200, context.state())
    case 'GET events/1':
      return sendEvents(context, response)
    case 'GET traffic/1':
      return sendJson(response, 200, { exchanges: context.traffic.list() })
    case 'GET traffic/2': {
      const raw = context.traffic.raw(Number(words[1]))
      return raw === undefined
        ? sendError(response, 404, 'there is no such exchange, or it is no longer kept')
        : sendJson(response, 200, raw)
    }
    case 'GET plugins/3':
    case 'POST plugins/3': {
      const plugin = context.plugins.get(words[1] ?? '')
      return plugin === undefined
        ? sendError(response, 404, 'there is no such plugin')
        : ofPlugin(context, plugin, `${method} ${words[2]}`, api)
    }
    default:
      return sendError(response, 404, 'there is no such path below /api/dev')
  }
}

const ofPlugin = async (
  context: Context,
  plugin: HostedPlugin,
  what: string,
  { request, response, query }: ApiRequest,
): Promise<void> => {
  const { managed } = plugin
  const { id } = managed.metadata()
  switch (what) {
    case 'POST restart': {
      const result = await managed.restart()
      return E.isLeft(result)
        ? sendError(response, 500, result.left)
        : sendJson(response, 200, { success: true })
    }
    case 'POST kill':
      managed.kill()
      return sendJson(response, 200, { success: true })
    case 'GET description': {
      const { command } = managed.launch()
      const options = askOptions(context.launchOptions, context.folder)
      const description = await askJson(command, '--describe', options)()
      return E.isLeft(description)
        ? sendError(response, 404, askFailureText(description.left))
        : sendJson(response, 200, description.right.json)
    }
    case 'GET entries': {
      const store = new URLSearchParams(query).get('store') ?? 'host'
      if (store !== 'host' && store !== 'plugin')
        return sendError(response, 400, 'expected the store host or plugin')
      return sendJson(response, 200, await context.tables.entries(id, store))
    }
    case 'POST entries': {
      const edit = await jsonOf(request)
      return Edit.is(edit)
        ? change(context, id, edit, response)
        : sendError(response, 400, 'expected {store: "host" | "plugin", key, value: string | null}')
    }
    case 'POST kv': {
      const wanted = await jsonOf(request)
      if (!Try.is(wanted))
        return sendError(response, 400, 'expected {action: "get" | "set" | "delete", key, value?}')
      const value = await sendKv(
        context.destination(id, managed.exchange),
        wanted.action,
        wanted.key,
        wanted.value,
      )
      if (wanted.action !== 'get') context.hub.emit({ name: 'kv', data: { id } })
      return E.isLeft(value)
        ? sendError(response, 502, value.left)
        : sendJson(response, 200, { value: value.right })
    }
    default:
      return sendError(response, 404, 'there is no such path below /api/dev')
  }
}

const change = async (
  context: Context,
  id: string,
  { store, key, value }: t.TypeOf<typeof Edit>,
  response: ApiRequest['response'],
): Promise<void> => {
  const result = await pipe(
    TE.fromEither(store === 'host' ? E.right(context.tables.host(id)) : context.tables.own(id)),
    TE.chain(table =>
      pipe(
        value === null ? table.delete(key) : table.set(key, value),
        TE.mapLeft(({ message }) => message),
      ),
    ),
  )()
  if (E.isLeft(result)) return sendError(response, 400, result.left)
  context.hub.emit({ name: 'kv', data: { id } })
  sendJson(response, 200, { success: true })
}
