import { type LifecycleDecorator, noteOnMethod } from './method-decorator.js'

/**
 * Runs once, before the first request is answered; requests that come meanwhile wait for it. Where
 * the host sends no `init`, it runs all the same, with `ctx.instanceId` none. While it has failed,
 * requests get 503; the next `init` tries again.
 */
export const OnInit: LifecycleDecorator = noteOnMethod({ _tag: 'OnInit' })

/**
 * Runs when the plugin stops in order, after the last answer, for at most 3 s. Not after a SIGKILL,
 * which is how today's host stops its plugins.
 */
export const OnShutdown: LifecycleDecorator = noteOnMethod({ _tag: 'OnShutdown' })
