import {
  type CodecDescription,
  type PluginDescription,
  type RouteDescription,
  schedule,
} from '../../domain/plugin-description.js'
import { table } from '../table.js'

/**
 * What a plugin declares, for people: its routes, and below them its KV handlers, hooks and
 * background work, if it has any.
 */
export const listing = (description: PluginDescription): ReadonlyArray<string> => {
  const { metadata, routes, kv } = description
  return [
    `${metadata.name} ${metadata.version}, at /api/plugins/route${metadata.route}`,
    '',
    ...(routes.length === 0 ? ['It has no routes.'] : routeTable(routes)),
    ...section('KV handlers', [
      ['KEY', 'HANDLER', 'VALUE'],
      ...kv.map(({ key, handler, codec }) => [key, handler, codec === null ? '' : named(codec)]),
    ]),
    ...section('Hooks and background work', [['WHEN', 'HANDLER'], ...schedule(description)]),
  ]
}

const section = (
  title: string,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): ReadonlyArray<string> => (rows.length > 1 ? ['', title, '', ...table(rows)] : [])

/** The column of answers is left out if no route has a response codec. */
const routeTable = (routes: ReadonlyArray<RouteDescription>): ReadonlyArray<string> => {
  const columns = ['METHOD', 'PATH', 'HANDLER', 'ANSWERS', 'TAKES']
  const rows = [columns, ...routes.map(routeRow)]
  return table(
    routes.some(({ codecs }) => codecs.response !== undefined)
      ? rows
      : rows.map(row => row.filter((_, index) => index !== 3)),
  )
}

const routeRow = ({ method, path, handler, codecs }: RouteDescription): ReadonlyArray<string> => [
  method,
  path,
  handler,
  codecs.response === undefined ? '' : named(codecs.response),
  (['params', 'query', 'headers', 'body'] as const)
    .flatMap(part => {
      const codec = codecs[part]
      return codec === undefined ? [] : [`${part} ${named(codec)}`]
    })
    .join(', '),
]

const named = ({ name, schema, reason }: CodecDescription): string => {
  if (schema === null) return `${name} (no JSON Schema)`
  return reason === undefined ? name : `${name} (incomplete JSON Schema)`
}
