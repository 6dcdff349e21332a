// Markdown tables, which also read well in a terminal.

/**
 * A table; every column but the first is aligned to the right. Cells are padded, so that it reads
 * as plain text, too.
 */
export const table = (
  head: ReadonlyArray<string>,
  rows: ReadonlyArray<ReadonlyArray<string>>,
): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, 3, ...rows.map(row => row[column]?.length ?? 0)),
  )
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${widths.map((width, i) => (i === 0 ? (cells[i] ?? '').padEnd(width) : (cells[i] ?? '').padStart(width))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** A number with three digits or more: 12,345, 123, 12.3 or 1.23. */
export const number = (value: number): string =>
  Number.isNaN(value)
    ? '–'
    : value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })

/** A ratio, with two decimals. */
export const ratio = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(2))

/** A share as a percentage. */
export const percent = (value: number): string =>
  Number.isNaN(value) ? '–' : `${Math.round(value * 100)} %`
