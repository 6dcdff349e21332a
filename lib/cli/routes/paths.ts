import type { RouteDescription } from '../../domain/plugin-description.js'

/** Routes with one path in OpenAPI's notation, and the names of its parameters there, in order. */
export interface PathItem {
  readonly path: string
  readonly names: ReadonlyArray<string>
  readonly routes: ReadonlyArray<RouteDescription>
}

/**
 * The routes of a plugin by their paths in OpenAPI's notation: `/:id/files/*` is
 * `/{id}/files/{rest}`. Paths that differ only in the names of their parameters are one path there,
 * with the names of the first route.
 */
export const pathItems = (routes: ReadonlyArray<RouteDescription>): ReadonlyArray<PathItem> => {
  const items = new Map<string, PathItem>()
  for (const route of routes) {
    const segments = route.path.split('/')
    const shape = segments.map(segment => (isParameter(segment) ? '{}' : segment)).join('/')
    const item = items.get(shape) ?? { ...named(route), routes: [] }
    items.set(shape, { ...item, routes: [...item.routes, route] })
  }
  return [...items.values()]
}

const isParameter = (segment: string): boolean => segment.startsWith(':') || segment === '*'

const named = ({ path, params }: RouteDescription): Pick<PathItem, 'path' | 'names'> => {
  const names = params.map(name => (name === '*' ? unused('rest', params) : name))
  let next = 0
  const segments = path
    .split('/')
    .map(segment =>
      isParameter(segment) ? `{${names[next++]}}` : segment.replace(/[{}]/g, encodeURIComponent),
    )
  return { path: segments.join('/'), names }
}

const unused = (name: string, taken: ReadonlyArray<string>): string =>
  taken.includes(name) ? unused(`${name}_`, taken) : name
