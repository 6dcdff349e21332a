import type { ComponentChildren } from 'preact'
import { milliseconds } from '../components/format.js'
import { useNow } from '../components/use-now.js'
import { useStore } from '../state/store.js'
import { axisEnd, lastMinute, linePath, SECONDS, summary } from './chart.js'

const WIDTH = 600
const HEIGHT = 90
const STEP = WIDTH / SECONDS

/**
 * Charts of the requests per second and their latency over the last minute, of one plugin or, for
 * `null`, of all.
 */
export const Chart = ({ plugin }: { readonly plugin: string | null }) => {
  const exchanges = useStore(state => state.exchanges)
  const now = Math.max(useNow(1_000), exchanges.at(-1)?.at ?? 0)
  const shown =
    plugin === null ? exchanges : exchanges.filter(exchange => exchange.plugin === plugin)
  const seconds = lastMinute(shown, now)
  const most = axisEnd(seconds.map(({ count }) => count))
  const longest = axisEnd(seconds.map(({ p95 }) => p95))
  const words = summary(shown, now)
  return (
    <section class="card charts" aria-label="The last minute">
      <Figure title="Requests per second" of={String(most)} words={words}>
        {seconds.map(({ count, failed }, index) => (
          <g key={`${index}`}>
            <Bar index={index} to={count / most} look="bar" />
            <Bar index={index} to={failed / most} look="bar failed" />
          </g>
        ))}
      </Figure>
      <Figure
        title="Latency"
        of={milliseconds(longest)}
        words={words}
        legend={
          <span class="legend">
            <i class="key p50" /> p50 <i class="key p95" /> p95
          </span>
        }
      >
        {(['p95', 'p50'] as const).map(name => (
          <path
            key={name}
            class={`line ${name}`}
            d={linePath(
              seconds.map(second => second[name]),
              longest,
              WIDTH,
              HEIGHT,
            )}
          />
        ))}
      </Figure>
      <p class="muted words">{words}</p>
    </section>
  )
}

const Figure = (props: {
  readonly title: string
  readonly of: string
  readonly words: string
  readonly legend?: ComponentChildren
  readonly children: ComponentChildren
}) => (
  <figure>
    <figcaption>
      {props.title} <span class="muted">of {props.of}</span>
      {props.legend}
    </figcaption>
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${props.title}. ${props.words}`}
    >
      <title>{props.title}</title>
      <desc>{props.words}</desc>
      <path class="grid" d={`M0 .5h${WIDTH}M0 ${HEIGHT / 2}h${WIDTH}M0 ${HEIGHT - 0.5}h${WIDTH}`} />
      {props.children}
    </svg>
  </figure>
)

const Bar = (props: { readonly index: number; readonly to: number; readonly look: string }) =>
  props.to === 0 ? null : (
    <rect
      class={props.look}
      x={props.index * STEP + 1}
      y={HEIGHT * (1 - props.to)}
      width={STEP - 2}
      height={HEIGHT * props.to}
      rx="1.5"
    />
  )
