import { O } from '../../fp.js'
import { entryOf, type HostLogEntry, piecesOf } from './log-entries.js'

/** What is done with the output of plugins. */
export interface OutputCapabilities {
  readonly log: (entry: HostLogEntry) => void
  /** Whether a plugin has this id. */
  readonly isPlugin: (id: string) => boolean
  readonly warn: (id: string, text: string) => void
}

/** Takes the output of plugins as it arrives, with the plugin's id. */
export interface PluginOutput {
  readonly stderr: (id: string, chunk: Buffer) => void
  readonly stdout: (id: string, chunk: Buffer) => void
}

/** Turns the output of plugins into log entries. */
export const pluginOutput = ({ log, isPlugin, warn }: OutputCapabilities): PluginOutput => {
  /** The plugins that log under an unknown id and were warned. */
  const warned = new Set<string>()
  return {
    stderr: (id, chunk) => {
      for (const piece of piecesOf(chunk)) {
        const entry = entryOf(piece, id, new Date().toISOString())
        if (O.isNone(entry)) continue
        const { plugin } = entry.value
        // As in the host, an entry that names another plugin goes to that plugin's log.
        if (plugin === id || isPlugin(plugin)) log(entry.value)
        else if (!warned.has(id)) {
          warned.add(id)
          warn(
            id,
            `it writes log entries as ${JSON.stringify(plugin)}: the panel shows them nowhere`,
          )
        }
      }
    },
    stdout: (id, chunk) => {
      for (const piece of piecesOf(chunk))
        log({
          timestamp: new Date().toISOString(),
          level: 'Warn',
          message: `printed on stdout, which the host does not read: ${piece.toString('utf8').trimEnd()}`,
          plugin: id,
        })
    },
  }
}
