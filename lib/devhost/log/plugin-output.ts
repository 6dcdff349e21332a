import { O } from '../../fp.js'
import { entryOf, type HostLogEntry, piecesOf } from './log-entries.js'

/** Where what plugins write goes to. */
export interface OutputCapabilities {
  readonly log: (entry: HostLogEntry) => void
  /** Whether a plugin has this id. */
  readonly isPlugin: (id: string) => boolean
  readonly warn: (id: string, text: string) => void
}

/** Takes what plugins write, each by its id, as it arrives. */
export interface PluginOutput {
  readonly stderr: (id: string, chunk: Buffer) => void
  readonly stdout: (id: string, chunk: Buffer) => void
}

/** Makes entries of the log from what plugins write on stderr and stdout. */
export const pluginOutput = ({ log, isPlugin, warn }: OutputCapabilities): PluginOutput => {
  /** The plugins that were told that nobody has the name under which they log. */
  const warned = new Set<string>()
  return {
    stderr: (id, chunk) => {
      for (const piece of piecesOf(chunk)) {
        const entry = entryOf(piece, id, new Date().toISOString())
        if (O.isNone(entry)) continue
        const { plugin } = entry.value
        // An entry that names another plugin goes to that one's log, as in the host.
        if (plugin === id || isPlugin(plugin)) log(entry.value)
        else if (!warned.has(id)) {
          warned.add(id)
          warn(
            id,
            `it writes entries of the log as ${JSON.stringify(plugin)}: no page of the panel shows them`,
          )
        }
      }
    },
    stdout: (id, chunk) => {
      for (const piece of piecesOf(chunk))
        log({
          timestamp: new Date().toISOString(),
          level: 'Warn',
          message: `on stdout, which no host reads: ${piece.toString('utf8').trimEnd()}`,
          plugin: id,
        })
    },
  }
}
