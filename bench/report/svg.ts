// The chart of the README: requests a second of every server, in each pattern, on one Node.js.
import { figuresOf, floorOf } from '../measure/figures.js'
import { type Cell, rows } from '../measure/load.js'
import { SERVERS, type ServerName } from '../servers/index.js'
import { PATTERN_TITLES } from '../work.js'
import { number } from './table.js'

/** One bar. */
export interface Bar {
  readonly server: ServerName
  readonly title: string
  readonly rate: number
}

/** The bars of one pattern. */
export interface Group {
  readonly title: string
  readonly bars: ReadonlyArray<Bar>
}

const WIDTH = 760
const LEFT = 150
const RIGHT = 90
const BAR = 16
const STEP = 21
const HEAD = 44
const GAP = 40

/**
 * The bars for some cells: `GET /` on every server but the ceiling, which would dwarf the others.
 */
export const groupsOf = (cells: ReadonlyArray<Cell>): ReadonlyArray<Group> =>
  rows(
    cells.filter(
      ({ work, server, slices }) => work === 'hello' && server !== 'echo' && slices.size > 0,
    ),
  ).map(row => ({
    title: row[0] === undefined ? '' : PATTERN_TITLES[row[0].pattern],
    bars: row.flatMap(cell => {
      const floor = floorOf(cells, cell)
      const title = SERVERS.find(({ name }) => name === cell.server)?.title ?? cell.server
      return floor === undefined
        ? []
        : [{ server: cell.server, title, rate: figuresOf(cell, floor).rate.median }]
    }),
  }))

/**
 * The chart as SVG: with text in the reader's own font, readable on a light and on a dark page.
 */
export const svgOf = (groups: ReadonlyArray<Group>, subtitle: string): string => {
  const heights = groups.map(({ bars }) => GAP + bars.length * STEP)
  const height = HEAD + heights.reduce((sum, each) => sum + each, 0) + 12
  const tops = heights.map(
    (_, i) => HEAD + heights.slice(0, i).reduce((sum, each) => sum + each, 0),
  )
  const description = groups
    .map(
      ({ title, bars }) =>
        `${title}: ${bars.map(bar => `${bar.title} ${number(bar.rate)}`).join(', ')}`,
    )
    .join('. ')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">Requests a second, by server and pattern</title>
<desc id="desc">${escaped(description)}</desc>
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.bold { font-weight: 600 }
.quiet { fill: #57606a }
.bar { fill: #afb8c1 }
.floor { fill: #6e7781 }
.ours { fill: #0969da }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.quiet { fill: #8d96a0 }
.bar { fill: #484f58 }
.floor { fill: #8b949e }
.ours { fill: #4493f8 }
}
</style>
<text class="bold" x="12" y="20">Requests a second: GET /, longer is better</text>
<text class="quiet" x="12" y="38">${escaped(subtitle)}</text>
${groups.map((group, i) => groupOf(group, tops[i] ?? 0)).join('\n')}
</svg>
`
}

/**
 * Each group has its own scale: fresh connections would be invisible beside pipelined requests.
 */
const groupOf = ({ title, bars }: Group, top: number): string => {
  const most = Math.max(1, ...bars.map(({ rate }) => rate))
  return [
    `<text class="bold" x="12" y="${top + 26}">${escaped(title)}</text>`,
    ...bars.map((bar, i) =>
      barOf(bar, Math.round((bar.rate / most) * (WIDTH - LEFT - RIGHT)), top + GAP - 6 + i * STEP),
    ),
  ].join('\n')
}

const barOf = ({ server, title, rate }: Bar, width: number, y: number): string => {
  const kind = server === 'ours' || server === 'floor' ? server : 'bar'
  const weight = server === 'ours' ? ' class="bold"' : ''
  return [
    `<text${weight} x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${escaped(title)}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${y}" width="${Math.max(1, width)}" height="${BAR}" rx="2"/>`,
    `<text class="quiet" x="${LEFT + Math.max(1, width) + 6}" y="${y + 13}">${number(Math.round(rate))}</text>`,
  ].join('\n')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
