import { type LifecycleDecorator, noteOnMethod } from './method-decorator.js'

/**
 * Runs once, before the first request is answered. Requests wait for it. If the host sends no
 * `init`, it runs without an `instanceId`. After a failure, requests get 503 until the next `init`,
 * which runs it again.
 */
export const OnInit: LifecycleDecorator = noteOnMethod({ _tag: 'OnInit' })

/**
 * Runs when the plugin shuts down, after the last answer, for at most 3 s. It does not run after a
 * SIGKILL, with which today's host stops its plugins.
 */
export const OnShutdown: LifecycleDecorator = noteOnMethod({ _tag: 'OnShutdown' })
