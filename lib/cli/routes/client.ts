import * as E from 'fp-ts/lib/Either.js'
import type {
  CodecDescription,
  PluginDescription,
  RouteDescription,
} from '../../domain/plugin-description.js'
import { schemaType } from './schema-type.js'
import { asText, fieldsOf } from './text-type.js'
import {
  type Field,
  fields,
  mapParts,
  oneLine,
  plain,
  quoted,
  type Type,
  typeText,
} from './type-script.js'

/** What every such file begins with. */
export const FIRST_WORDS = '// The routes of the plugin '

/**
 * A plugin's routes as a file of TypeScript for its frontend: a table of types, and a client over
 * it. The left side names every codec that has no type, with its route, its part and its place in
 * that.
 */
export const clientFile = ({
  metadata,
  routes,
}: PluginDescription): E.Either<ReadonlyArray<string>, string> => {
  const typed = routes.map(typedRoute)
  const faults = typed.flatMap(route => (E.isLeft(route) ? route.left : []))
  if (faults.length > 0) return E.left(faults)
  const found = typed.flatMap(route => (E.isRight(route) ? [route.right] : []))
  const names = namesOf(found.flatMap(({ named }) => named))
  const aliases = [...names.values()].map(({ name, type }) =>
    declaration(
      name,
      mapParts(type, part => withNames(part, names)),
    ),
  )
  const table = fields(
    METHODS.flatMap(method => {
      const of = found.filter(route => route.method === method.toUpperCase())
      const paths = of.map(
        ({ path, type }): Field => ({ name: path, optional: false, type: withNames(type, names) }),
      )
      return of.length === 0 ? [] : [{ name: method, optional: false, type: fields(paths) }]
    }),
  )
  const imports = [
    'type PanelApi',
    'routesClient',
    ...(/\bScalar\b/.test(oneLine(table)) ? ['type Scalar'] : []),
  ]
  return E.right(
    [
      `${FIRST_WORDS}${quoted(metadata.id)}, written by \`toru-plugin routes --client\`.`,
      '// Do not edit: run the command again when the routes have changed.',
      `import { ${imports.join(', ')} } from 'toru-plugin-api/frontend'\n`,
      ...aliases,
      '/** What each route takes and answers. */',
      `export type Routes = ${typeText(table, 0, Number.POSITIVE_INFINITY)}\n`,
      "/** Calls the routes: `createClient(api).get('/')`. */",
      "export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)\n",
    ].join('\n'),
  )
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

interface Named {
  readonly name: string
  readonly type: Type
}

interface TypedRoute {
  readonly method: string
  readonly path: string
  readonly type: Type
  /** The types that a codec gave a name to. */
  readonly named: ReadonlyArray<Named>
}

const PARTS = ['params', 'query', 'headers', 'body', 'response'] as const

const typedRoute = ({
  method,
  path,
  handler,
  params,
  codecs,
}: RouteDescription): E.Either<ReadonlyArray<string>, TypedRoute> => {
  const parts = PARTS.map(
    part =>
      [
        part,
        codecs[part],
        typeOf(codecs[part], `${handler} (${method} ${path}), ${part}`),
      ] as const,
  )
  const faults = parts.flatMap(([, , type]) => (E.isLeft(type) ? [type.left] : []))
  if (faults.length > 0) return E.left(faults)
  const types = Object.fromEntries(
    parts.map(([part, , type]) => [part, E.isRight(type) ? type.right : undefined]),
  )
  const ofParams = fieldsOf(types.params)
  const request: ReadonlyArray<readonly [string, Type | undefined]> = [
    [
      'params',
      params.length === 0
        ? undefined
        : fields(
            params.map(name => ({
              name,
              optional: false,
              type: asText(ofParams.find(field => field.name === name)?.type),
            })),
          ),
    ],
    ['query', types.query && asText(types.query)],
    ['headers', types.headers && asText(types.headers)],
    ['body', types.body],
  ]
  return E.right({
    method,
    path,
    type: fields([
      ...request.flatMap(
        ([name, type]): ReadonlyArray<Field> =>
          type === undefined ? [] : [{ name, optional: mayBeEmpty(type), type }],
      ),
      {
        name: 'answer',
        optional: false,
        type: method === 'HEAD' ? plain('undefined') : (types.response ?? plain('unknown')),
      },
    ]),
    named: parts.flatMap(([part, codec, type]) =>
      codec !== undefined &&
      E.isRight(type) &&
      type.right !== undefined &&
      (part === 'body' || part === 'response')
        ? [{ name: codec.name, type: type.right }]
        : [],
    ),
  })
}

const typeOf = (
  codec: CodecDescription | undefined,
  place: string,
): E.Either<string, Type | undefined> => {
  if (codec === undefined) return E.right(undefined)
  if (codec.schema === null)
    return E.left(`${place}: ${codec.reason ?? `the codec "${codec.name}" has no JSON Schema`}`)
  return E.mapLeft(reason => `${place}: ${reason}`)(schemaType(codec.schema))
}

const mayBeEmpty = (type: Type): boolean =>
  (type._tag === 'Fields' && type.fields.every(({ optional }) => optional)) ||
  (type._tag === 'Generic' && type.name === 'Record') ||
  (type._tag === 'Intersection' && type.of.every(mayBeEmpty))

/** Names that the file has already, or that would hide what it means. */
const TAKEN = new Set(['Array', 'ReadonlyArray', 'Record', 'Pick', 'Routes', 'PanelApi', 'Scalar'])

/**
 * The types that have a name of their own, by what they are: a name that stands for two of them is
 * none.
 */
const namesOf = (named: ReadonlyArray<Named>): ReadonlyMap<string, Named> => {
  const usable = named.filter(
    ({ name, type }) =>
      type._tag !== 'Plain' &&
      /^[A-Z]\w*$/.test(name) &&
      !TAKEN.has(name) &&
      named.every(other => other.name !== name || oneLine(other.type) === oneLine(type)),
  )
  // Of two names for one type the first stays.
  return new Map([...usable].reverse().map(each => [oneLine(each.type), each]))
}

const withNames = (type: Type, names: ReadonlyMap<string, Named>): Type => {
  const found = names.get(oneLine(type))
  return found === undefined ? mapParts(type, part => withNames(part, names)) : plain(found.name)
}

const declaration = (name: string, type: Type): string => {
  const start = `export type ${name} =`
  const text = typeText(type, 0, start.length + 1)
  return `${start}${text.startsWith('\n') ? '' : ' '}${text}\n`
}
