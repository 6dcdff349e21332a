import type { ConsolePlugin, LogEntry } from '../../devhost/console-api.js'
import type { Notice } from '../../devhost/context.js'
import { visible } from '../../runtime/log/pretty.js'
import type { Terminal } from '../terminal.js'

/** What `dev` writes to the terminal. */
export interface TerminalOutput {
  readonly notice: (notice: Notice) => void
  readonly log: (entry: LogEntry) => void
  readonly plugin: (plugin: ConsolePlugin) => void
  readonly ready: (url: string) => void
}

/**
 * Writes everything that happens as a line, with colors where the terminal has them. Control
 * characters in texts of plugins and browsers are made visible, so that these can neither move the
 * cursor nor forge a line.
 */
export const terminalOutput = ({ out, colors }: Terminal): TerminalOutput => {
  const paint = { info: colors.dim, warn: colors.yellow, error: colors.red }
  const name = (about: string): string => colors.cyan(visible(about).padEnd(NAME_WIDTH))
  const routes = new Map<string, string>()
  return {
    notice: ({ kind, about, text }) =>
      out(`${name(about ?? 'dev')} ${paint[kind](lines(text).join('\n'))}`),
    log: ({ plugin, level, message, error }) => {
      const color =
        level === 'Error'
          ? colors.red
          : level === 'Warn'
            ? colors.yellow
            : (text: string): string => text
      out(
        `${name(plugin)} ${color(`${visible(level).toLowerCase()}: ${short(message)}${error === undefined ? '' : `: ${short(error)}`}`)}`,
      )
    },
    plugin: ({ id, icon, name: title, version, route, state }) => {
      if (state !== 'running' || routes.get(id) === route) return
      routes.set(id, route)
      out(`${name(id)} ${visible(`${icon} ${title} ${version} at /api/plugins/route${route}/`)}`)
    },
    ready: url => out(`${colors.bold('toru-plugin dev')}: ${colors.cyan(url)}  (Ctrl-C ends it)`),
  }
}

const NAME_WIDTH = 12
const MAX_LINES = 12
const MAX_CHARACTERS = 1_000

/** Source lines and stacks have several lines. */
const lines = (text: string): ReadonlyArray<string> => text.split('\n').map(visible)

/** The beginning of a long text. */
const short = (text: string): string => {
  const all = lines(text)
  const shown = all.slice(0, MAX_LINES).join('\n').slice(0, MAX_CHARACTERS)
  return all.length > MAX_LINES || text.length > MAX_CHARACTERS ? `${shown} …` : shown
}
