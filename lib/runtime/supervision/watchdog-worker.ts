/** How the last entry is written, which depends on what stderr is. */
export type LastEntryForm = 'padded' | 'line' | 'pretty'

/** What the watchdog's worker is given. Times are in milliseconds. */
export interface WatchdogData {
  /**
   * Two 32-bit integers that both threads see: the number of heartbeats of the event loop, and 1
   * while the inspector is open.
   */
  readonly shared: Int32Array
  /** The interval of the heartbeats, and of the worker's checks. */
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
  /** The most bytes that an entry may have. */
  readonly maxLine: number
  /** The length in bytes to which an entry is padded. */
  readonly padTo: number
}

/**
 * The program of the watchdog's worker thread. It is text, so that it also works in a plugin that
 * is bundled into one file, and so that no compiler adds calls of helpers to it. It is plain
 * CommonJS and gets a {@link WatchdogData}.
 *
 * The worker measures the time without a heartbeat in its own ticks, and counts no tick as more
 * than two. While the whole process is stopped (SIGSTOP, a suspended machine) the worker does not
 * tick either, so that time does not count. Past the timeout it asks the inspector for the stack of
 * the main thread, writes the last entry of the log, and kills the process.
 */
export const WATCHDOG_WORKER = `'use strict'
const { constants, openSync, readFileSync, write } = require('node:fs')
const { workerData } = require('node:worker_threads')

const { shared, tick, stallTimeout, orphanTimeout, parent, grandparent } = workerData
const { plugin, form, maxLine, padTo } = workerData
const STACK_TIMEOUT = 5000
const WRITE_TIMEOUT = 1000
const MAX_FRAMES = 30
const OUTSIDE =
  'no stack: it is blocked outside of JavaScript, for example by a synchronous child process'
const INSPECTOR_URL = 'process.getBuiltinModule("node:inspector").url()'

let heartbeats = 0
let blocked = 0
let last = performance.now()
let asking = false

const check = () => {
  const now = performance.now()
  const passed = Math.min(now - last, 2 * tick)
  last = now
  const latest = Atomics.load(shared, 0)
  if (latest !== heartbeats || Atomics.load(shared, 1) === 1) {
    heartbeats = latest
    blocked = 0
    return
  }
  blocked += passed
  if (asking) return
  if (blocked >= stallTimeout) report('the event loop was blocked')
  else if (blocked >= orphanTimeout && isOrphan())
    report('the host is gone and the event loop was blocked')
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

const report = reason => {
  const seconds = (blocked / 1000).toFixed(1)
  const message = reason + ' for ' + seconds + ' s: this process is killed (SIGKILL, exit code 137)'
  asking = true
  askMainThread((debugged, stack) => {
    asking = false
    blocked = 0
    if (!debugged) killWith(message, stack)
  })
}

// The inspector can interrupt JavaScript, also inside a regular expression, but not a synchronous
// system call.
const askMainThread = done => {
  let stack = [OUTSIDE]
  const finish = debugged => {
    clearTimeout(timer)
    if (asking) done(debugged, stack)
  }
  const timer = setTimeout(finish, STACK_TIMEOUT, false)
  try {
    const session = new (require('node:inspector').Session)()
    const scripts = new Map()
    session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
    session.on('Debugger.paused', ({ params }) => {
      const frames = params.callFrames.slice(0, MAX_FRAMES)
      stack = ['blocked:', ...frames.map(frame => frameText(frame, scripts))]
      // The inspector may have been opened while the loop was blocked and could not report it.
      session.post('Runtime.evaluate', { expression: INSPECTOR_URL }, (error, answer) => {
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
  const file = scripts.get(location.scriptId) || '<anonymous>'
  const place = file + ':' + (location.lineNumber + 1) + ':' + (location.columnNumber + 1)
  return '    at ' + (functionName === '' ? place : functionName + ' (' + place + ')').slice(0, 300)
}

const killWith = (message, stack) => {
  setTimeout(kill, WRITE_TIMEOUT)
  writeAll(descriptor(), entry(message, stack), kill)
}

const kill = () => process.kill(process.pid, 'SIGKILL')

const entry = (message, stack) => {
  const error = stack.join('\\n')
  if (form === 'pretty') return Buffer.from(message + '\\n' + error + '\\n')
  const timestamp = new Date().toISOString()
  const fields = { timestamp, level: 'Error', message, plugin, pid: process.pid, error }
  const line = Buffer.from(JSON.stringify(fields))
  if (line.length > maxLine && stack.length > 0) return entry(message, stack.slice(0, -1))
  const padding = form === 'padded' ? Math.max(0, padTo - 1 - line.length) : 0
  return Buffer.concat([line, Buffer.alloc(padding, ' '), Buffer.from('\\n')])
}

// A pipe that nobody reads may be full, so it is opened again, as non-blocking. If that fails, the
// write may never end, and the timer of \`killWith\` ends the process.
const descriptor = () => {
  const flags = constants.O_WRONLY | constants.O_NONBLOCK
  try {
    return form === 'padded' ? openSync('/proc/self/fd/2', flags) : 2
  } catch {
    return 2
  }
}

const writeAll = (fd, bytes, done) =>
  write(fd, bytes, (error, count) => {
    if (error && error.code === 'EAGAIN') setTimeout(writeAll, 20, fd, bytes, done)
    else if (!error && count < bytes.length) writeAll(fd, bytes.subarray(count), done)
    else done()
  })

setInterval(check, tick)
`
