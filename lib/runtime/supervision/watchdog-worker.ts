/** How the last entry is written, from what the standard error of the process is. */
export type LastEntryForm = 'padded' | 'line' | 'pretty'

/** What the worker of the watchdog is given. Times are in milliseconds. */
export interface WatchdogData {
  /**
   * Two 32-bit integers that both threads see: the beats of the event loop, and 1 while somebody
   * debugs the process.
   */
  readonly shared: Int32Array
  /** How often the event loop beats, and the worker looks. */
  readonly tick: number
  /** How long the event loop may be blocked. */
  readonly stallTimeout: number
  /** How long it may be blocked once the host is gone. */
  readonly orphanTimeout: number
  /** As in `Parents`. */
  readonly parent: number | undefined
  readonly grandparent: number | undefined
  /** The plugin's id, for the log. */
  readonly plugin: string
  readonly form: LastEntryForm
  /** How many bytes an entry may have, and to how many it is padded. */
  readonly maxLine: number
  readonly padTo: number
}

/**
 * The program of the worker thread of the watchdog, as text: so it works in a plugin that is one
 * bundled file, too, and no compiler puts calls of helpers into it that are not there. It is plain
 * CommonJS and gets a {@link WatchdogData}.
 *
 * It counts how long the event loop has not beaten, in ticks of its own, and no tick counts for
 * more than two: while the process is stopped (SIGSTOP, a suspended machine) the worker does not
 * tick either. Past the time it asks the debugger of the main thread where that is, writes the last
 * entry of the log, and kills the process.
 */
export const WATCHDOG_WORKER = `'use strict'
const { constants, openSync, readFileSync, write } = require('node:fs')
const { workerData } = require('node:worker_threads')

const { shared, tick, stallTimeout, orphanTimeout, parent, grandparent, plugin, form, maxLine, padTo } = workerData
const STACK_WITHIN = 5000
const WRITTEN_WITHIN = 1000
const MAX_FRAMES = 30

let beats = 0
let blocked = 0
let last = performance.now()
let asking = false

const look = () => {
  const now = performance.now()
  const passed = Math.min(now - last, 2 * tick)
  last = now
  const beaten = Atomics.load(shared, 0)
  if (beaten !== beats || Atomics.load(shared, 1) === 1) {
    beats = beaten
    blocked = 0
    return
  }
  blocked += passed
  if (asking) return
  if (blocked >= stallTimeout) act('the event loop was blocked')
  else if (blocked >= orphanTimeout && isOrphan()) act('the host is gone and the event loop was blocked')
}

const isOrphan = () => {
  if (parent === undefined || process.ppid !== parent) return parent !== undefined
  if (grandparent === undefined) return false
  try {
    const stat = readFileSync('/proc/' + parent + '/stat', 'latin1')
    return Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1]) !== grandparent
  } catch {
    return false
  }
}

const act = reason => {
  const message = reason + ' for ' + (blocked / 1000).toFixed(1) + ' s: this process is killed (SIGKILL, exit code 137)'
  asking = true
  askMainThread((debugged, stack) => {
    asking = false
    blocked = 0
    if (!debugged) end(message, stack)
  })
}

// A loop in JavaScript can be interrupted, inside a regular expression too; a synchronous call into
// the system cannot.
const askMainThread = answered => {
  let stack = ['no stack: it is blocked outside of JavaScript, as by a synchronous child process']
  const finish = debugged => {
    clearTimeout(timer)
    if (asking) answered(debugged, stack)
  }
  const timer = setTimeout(finish, STACK_WITHIN, false)
  try {
    const session = new (require('node:inspector').Session)()
    const scripts = new Map()
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
    session.on('Debugger.paused', ({ params }) => {
      stack = ['blocked:', ...params.callFrames.slice(0, MAX_FRAMES).map(frame => frameText(frame, scripts))]
      // Somebody may have begun to debug it while the loop was blocked, when it could not say so.
      session.post('Runtime.evaluate', { expression: 'process.getBuiltinModule("node:inspector").url()' }, (error, answer) => {
        if (error || answer.result.type !== 'string') return finish(false)
        session.post('Debugger.resume', () => {
          session.disconnect()
          finish(true)
        })
      })
    })
    session.connectToMainThread()
    session.post('Debugger.enable')
    session.post('Debugger.pause')
  } catch (error) {
    stack = ['no stack: ' + error.message]
    finish(false)
  }
}

const frameText = ({ functionName, location }, scripts) => {
  const place = [scripts.get(location.scriptId) || '<anonymous>', location.lineNumber + 1, location.columnNumber + 1].join(':')
  return '    at ' + (functionName === '' ? place : functionName + ' (' + place + ')').slice(0, 300)
}

const end = (message, stack) => {
  setTimeout(kill, WRITTEN_WITHIN)
  put(descriptor(), entry(message, stack), kill)
}

const kill = () => process.kill(process.pid, 'SIGKILL')

const entry = (message, stack) => {
  const error = stack.join('\\n')
  if (form === 'pretty') return Buffer.from(message + '\\n' + error + '\\n')
  const timestamp = new Date().toISOString()
  const line = Buffer.from(JSON.stringify({ timestamp, level: 'Error', message, plugin, pid: process.pid, error }))
  if (line.length > maxLine && stack.length > 0) return entry(message, stack.slice(0, -1))
  return Buffer.concat([line, Buffer.alloc(form === 'padded' ? Math.max(0, padTo - 1 - line.length) : 0, ' '), Buffer.from('\\n')])
}

// A pipe that nobody reads may be full: it is opened once more, not to wait. What cannot be opened
// again is written to by a thread that may wait for ever.
const descriptor = () => {
  try {
    return form === 'padded' ? openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK) : 2
  } catch {
    return 2
  }
}

const put = (fd, bytes, done) =>
  write(fd, bytes, (error, count) => {
    if (error && error.code === 'EAGAIN') setTimeout(put, 20, fd, bytes, done)
    else if (!error && count < bytes.length) put(fd, bytes.subarray(count), done)
    else done()
  })

setInterval(look, tick)
`
