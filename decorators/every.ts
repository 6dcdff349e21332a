import type { Duration } from '../lib/domain/duration.js'
import { type LifecycleDecorator, noteOnMethod } from './method-decorator.js'

/**
 * Runs a method again and again in the background: `@Every('5 m')`. The first run is one interval
 * after `@OnInit` has ended, and the next begins an interval after the last began, or, where that
 * one took longer, at the next multiple of it: a method never overlaps itself.
 *
 * It waits for no request and holds none up. What it throws or yields on the left side is logged,
 * and the next run comes all the same. No run begins once the plugin is asked to stop. The interval
 * is at least 1 ms and at most nearly 25 days.
 */
export const Every = (interval: Duration): LifecycleDecorator =>
  noteOnMethod({ _tag: 'Every', interval })
