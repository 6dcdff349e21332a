import type { Exchange } from '../../console-api.js'
import { contains } from '../components/text.js'
import { isError } from './chart.js'

/** Which exchanges are shown. */
export interface TrafficFilter {
  readonly plugin: string | null
  readonly kind: Exchange['kind'] | 'all'
  readonly text: string
  readonly errorsOnly: boolean
}

/**
 * Whether an exchange is shown. The text may be in the plugin's id, the title, the status or the
 * error.
 */
export const matches =
  ({ plugin, kind, text, errorsOnly }: TrafficFilter) =>
  (exchange: Exchange): boolean =>
    (plugin === null || exchange.plugin === plugin) &&
    (kind === 'all' || exchange.kind === kind) &&
    (!errorsOnly || isError(exchange)) &&
    contains(
      text,
      exchange.plugin,
      exchange.title,
      String(exchange.status ?? ''),
      exchange.error ?? '',
    )
