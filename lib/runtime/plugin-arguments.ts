import { defaultSocket, HOST_HTTP_TIMEOUT } from '../domain/host.js'
import type { PluginMetadata } from '../domain/metadata.js'
import { BOUNDS, DEFAULTS } from '../domain/plugin-definition.js'

/** What a plugin was started for. */
export type Mode =
  | { readonly _tag: 'Serve' }
  | { readonly _tag: 'Metadata' }
  | { readonly _tag: 'Describe' }
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Unknown'; readonly argument: string }

/** The mode that the arguments after the file's name ask for. The first one decides. */
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
  TORU_INSTANCE_ID     what ctx.instanceId is where the host sends no init
  TORU_LOG_LEVEL       trace, debug, info, warn or error (info)
  TORU_LOG_FILE=1      write the log to the file that the host's init names, too

The host serves it at /api/plugins/route${route}/… and gives up on an answer after ${HOST_HTTP_TIMEOUT / 1_000} s; this plugin answers 504 after ${DEFAULTS.httpTimeout / 1000} s
unless it says otherwise (httpTimeout, at most ${BOUNDS.httpTimeout.most / 1000} s).
`

/** What is said about an argument that is not one. */
export const unknownArgumentText = (id: string, argument: string): string =>
  `${id}: ${JSON.stringify(argument)} is not an argument of a plugin. Expected --metadata, --describe, --help or nothing; try: ${id} --help\n`
