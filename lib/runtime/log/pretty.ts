import type { LogEntry } from './log-line.js'

const COLOURS: Readonly<Record<string, string>> = {
  Trace: '90',
  Debug: '36',
  Info: '32',
  Warn: '33',
  Error: '31',
}

/**
 * An entry for a terminal, as one line without a newline: `12:00:01 INFO message key=value`, in
 * local time. The plugin's id and process id are left out. Control characters are escaped, so that
 * no entry can look like two or control the terminal.
 */
export const prettyLine = (entry: LogEntry, coloured: boolean): string => {
  const { timestamp, level, message, plugin: _plugin, pid: _pid, error, ...fields } = entry
  const paint = (colour: string, text: string): string =>
    coloured ? `\u001b[${colour}m${text}\u001b[0m` : text
  const details = Object.entries<unknown>(error === undefined ? fields : { ...fields, error })
  const time = paint('90', timeOf(timestamp))
  const name = paint(COLOURS[level] ?? '0', level.toUpperCase().padEnd(5))
  return [
    `${time} ${name} ${visible(message)}`,
    ...details.map(([key, value]) => `${paint('90', `${visible(key)}=`)}${visible(shown(value))}`),
  ].join('  ')
}

const timeOf = (timestamp: string): string => {
  const date = new Date(timestamp)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
}

const shown = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * A text in which every character that moves the cursor, colours, ends a line or changes the
 * writing direction is an escape such as `\x1b`.
 */
export const visible = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    character => ESCAPES[character] ?? escapeOf(character),
  )

const escapeOf = (character: string): string => {
  const code = character.charCodeAt(0).toString(16)
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`
}
