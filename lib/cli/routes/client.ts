import type {
  CodecDescription,
  PluginDescription,
  RouteDescription,
} from '../../domain/plugin-description.js'
import { gapsIn, PARTS, type RequestPart, sharedSchemas } from './route-schemas.js'
import { schemaType } from './schema-type.js'
import { asText, fieldsOf, oneText } from './text-type.js'
import {
  type Field,
  fields,
  generic,
  mapParts,
  oneLine,
  plain,
  quoted,
  type Type,
  typeText,
  unknown,
} from './type-script.js'

/** What every such file begins with. */
export const FIRST_WORDS = '// The routes of the plugin '

/** A client as text, and what has no type in it. */
export interface ClientFile {
  readonly text: string
  readonly gaps: ReadonlyArray<string>
}

/**
 * A plugin's routes as a TypeScript file for its frontend: a table of types, and a client over it.
 * A part that has no type is `unknown`; the gaps name its route, its part and its place.
 */
export const clientFile = ({ metadata, routes: described }: PluginDescription): ClientFile => {
  const { routes, definitions } = sharedSchemas(described, NAMING)
  const declared = new Map(
    Object.entries(definitions).map(([name, schema]) => [name, schemaType(schema)]),
  )
  const found = routes.map(typedRoute)
  const names = namesOf(
    found.flatMap(({ named }) => named),
    name => declared.has(name),
  )
  const aliases = [...[...declared].map(([name, type]) => ({ name, type })), ...names.values()].map(
    ({ name, type }) =>
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
  const text = [
    `${FIRST_WORDS}${quoted(metadata.id)}, written by \`toru-plugin routes --client\`.`,
    '// Do not edit: run the command again when the routes have changed.',
    `import { ${imports.join(', ')} } from 'toru-plugin-api/frontend'\n`,
    ...aliases,
    '/** What each route takes and answers. */',
    `export type Routes = ${typeText(table, 0, Number.POSITIVE_INFINITY)}\n`,
    "/** Calls the routes: `createClient(api).get('/')`. */",
    "export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)\n",
  ].join('\n')
  return { text, gaps: gapsIn(routes) }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options']

/** Names that the file has already, or that would hide what it means. */
const TAKEN = new Set(['Array', 'ReadonlyArray', 'Record', 'Pick', 'Routes', 'PanelApi', 'Scalar'])

/** Names of types begin with a capital letter. */
const NAMING = {
  nameFor: (name: string): string => {
    const word = name.replace(/\W/g, '_')
    return /^[a-z]/i.test(word) ? word.charAt(0).toUpperCase() + word.slice(1) : `T${word}`
  },
  isTaken: (name: string): boolean => TAKEN.has(name),
  refer: (name: string): string => `#/$defs/${name}`,
}

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

const typedRoute = ({ method, path, params, codecs }: RouteDescription): TypedRoute => {
  const types = Object.fromEntries(PARTS.map(part => [part, typeOf(codecs[part])]))
  const ofParams = fieldsOf(types.params)
  const request: ReadonlyArray<readonly [RequestPart, Type | undefined]> = [
    [
      'params',
      params.length === 0
        ? undefined
        : fields(
            params.map(name => ({
              name,
              optional: false,
              type: oneText(ofParams.find(field => field.name === name)?.type),
            })),
          ),
    ],
    ['query', types.query && keyedText(types.query)],
    ['headers', types.headers && keyedText(types.headers)],
    ['body', types.body],
  ]
  return {
    method,
    path,
    type: fields([
      ...request.flatMap(
        ([name, type]): ReadonlyArray<Field> =>
          type === undefined ? [] : [{ name, optional: codecs[name]?.optional === true, type }],
      ),
      {
        name: 'answer',
        optional: false,
        type: method === 'HEAD' ? plain('undefined') : (types.response ?? unknown()),
      },
    ]),
    named: (['body', 'response'] as const).flatMap(part => {
      const type = types[part]
      return type === undefined ? [] : [{ name: codecs[part]?.name ?? '', type }]
    }),
  }
}

/** If the names are unknown, a record with any names. */
const keyedText = (type: Type): Type =>
  asText(type._tag === 'Plain' ? generic('Record', plain('string'), type) : type)

const typeOf = (codec: CodecDescription | undefined): Type | undefined =>
  codec &&
  (codec.schema === null
    ? unknown(`the codec "${codec.name}" has no JSON Schema`)
    : schemaType(codec.schema))

/** The types that get a name, by their text. A name that stands for two types is not used. */
const namesOf = (
  named: ReadonlyArray<Named>,
  isDeclared: (name: string) => boolean,
): ReadonlyMap<string, Named> => {
  const usable = named.filter(
    ({ name, type }) =>
      type._tag !== 'Plain' &&
      type._tag !== 'Reference' &&
      !isDeclared(name) &&
      /^[A-Z]\w*$/.test(name) &&
      !TAKEN.has(name) &&
      named.every(other => other.name !== name || oneLine(other.type) === oneLine(type)),
  )
  // If one type has two names, the first is used.
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
