import { defaultSocket, HOST_HTTP_TIMEOUT } from '../domain/host.js'
import type { PluginMetadata } from '../domain/metadata.js'
import { BOUNDS, DEFAULTS } from '../domain/plugin-definition.js'

/** What a plugin does when it is started. */
export type Mode =
  | { readonly _tag: 'Serve' }
  | { readonly _tag: 'Metadata' }
  | { readonly _tag: 'Describe' }
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Unknown'; readonly argument: string }

/** The mode for the arguments after the file's name. The first one decides. */
export const modeOf = ([argument]: ReadonlyArray<string>): Mode => {
  switch (argument) {
    case undefined:
      return { _tag: 'Serve' }
    case '--metadata':
      return { _tag: 'Metadata' }
    case '--describe':
      return { _tag: 'Describe' }
    case '--help':
    case '-h':
      return { _tag: 'Help' }
    default:
      return { _tag: 'Unknown', argument }
  }
}

/** What `--help` prints. */
export const helpText = ({ id, name, version, route }: PluginMetadata): string =>
  `${name} ${version}, a plugin for Toru Steering Center

Usage: ${id} [--metadata | --describe | --help]

Without an argument it listens on its Unix socket and answers the host until it is stopped.

  --metadata   print the plugin's metadata as JSON, as the host asks for it at every scan
  --describe   print its routes, KV handlers and codecs as JSON, without starting it
  --help       print this

Environment:
  TORU_PLUGIN_SOCKET   where to listen (${defaultSocket(id)})
  TORU_INSTANCE_ID     the value of ctx.instanceId if the host sends no init
  TORU_LOG_LEVEL       trace, debug, info, warn or error (info)
  TORU_LOG_FILE=1      also write the log to the file that the host's init names

The host serves it at /api/plugins/route${route}/…
and waits ${seconds(HOST_HTTP_TIMEOUT)} for an answer. The plugin itself answers 504 after its httpTimeout,
which is ${seconds(DEFAULTS.httpTimeout)} unless it is set, and at most ${seconds(BOUNDS.httpTimeout.most)}.
`

const seconds = (ms: number): string => `${ms / 1_000} s`

/** The message about an unknown argument. */
export const unknownArgumentText = (id: string, argument: string): string =>
  `${id}: expected --metadata, --describe, --help or no argument, ` +
  `got ${JSON.stringify(argument)}; try: ${id} --help\n`
