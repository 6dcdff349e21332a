import * as t from 'io-ts'
import { ID_PATTERN, MAX_NAME_BYTES } from './host.js'
import { refined } from './refined.js'

const bytes = (text: string): number => new TextEncoder().encode(text).length
const isShort = (text: string): boolean =>
  text.length <= MAX_NAME_BYTES && bytes(text) <= MAX_NAME_BYTES

/**
 * The host serves a plugin at `/api/plugins/route/<one segment>/…`. It accepts a route of several
 * segments and then never finds it, and `?` or `#` end the path too early.
 */
const ONE_SEGMENT = /^\/[^/?#\\\s\p{Cc}]+$/u

/**
 * A plugin's id: the name of its `.binary`, its socket and its frontend. The host allows only `A-Z
 * a-z 0-9 -`.
 */
export const PluginId = refined(
  t.string,
  id => ID_PATTERN.test(id),
  'an id of the characters A-Z a-z 0-9 - only',
  { pattern: ID_PATTERN.source },
)

/** The path under which the host serves a plugin: one segment, such as `/my-plugin`. */
export const PluginRoute = refined(
  t.string,
  route => ONE_SEGMENT.test(route) && !route.includes('..') && route !== '/.',
  'a route of one segment, such as "/my-plugin", without ".." and blanks',
)

const PluginName = refined(
  t.string,
  name => name.length > 0 && isShort(name),
  `a name of 1 to ${MAX_NAME_BYTES} bytes`,
)
const Author = refined(t.string, isShort, `an author of at most ${MAX_NAME_BYTES} bytes`)

/**
 * What a plugin says of itself. The host runs it with `--metadata` and reads this as JSON from its
 * stdout. It skips a plugin that breaks one of the rules, without a word
 * (docs/protocol.md#process-contract).
 */
export const PluginMetadata = t.intersection(
  [
    t.type({
      id: PluginId,
      name: PluginName,
      version: t.string,
      icon: t.string,
      route: PluginRoute,
    }),
    t.partial({ author: Author }),
  ],
  'PluginMetadata',
)
export type PluginMetadata = Readonly<t.TypeOf<typeof PluginMetadata>>
