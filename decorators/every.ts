import type { Duration } from '../lib/domain/duration.js'
import { type LifecycleDecorator, noteOnMethod } from './method-decorator.js'

/**
 * Runs a method at an interval, in the background: `@Every('5 m')`. The first run starts one
 * interval after `@OnInit` has succeeded, and each run one interval after the start of the last. A
 * run that takes longer skips intervals: a method never overlaps itself.
 *
 * A run holds up no request. An error is logged, and the next run starts as usual. When the plugin
 * is asked to stop, no more runs start. The interval is at least 1 ms and at most nearly 25 days.
 */
export const Every = (interval: Duration): LifecycleDecorator =>
  noteOnMethod({ _tag: 'Every', interval })
