import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { type ProcessGroup, signalGroup } from '../../plugin-process/spawn-process.js'

/**
 * Ends the plugins if this process is killed. A shell in a session of its own is told of every
 * process group that starts and ends. When the pipe to it closes, it sends SIGTERM and then SIGKILL
 * to the groups that are left, and removes the folder of the sockets.
 */
export interface OrphanCleanup extends Required<ProcessGroup> {
  /** Kills all groups that are left. */
  readonly killAll: () => void
  /** Ends the shell: there is nothing left to clean up. */
  readonly dismiss: () => void
}

/**
 * Its arguments are the folder and the first signal. `kill -0` checks whether a group has processes
 * left, which have two seconds to end.
 */
const SCRIPT = `groups=
while read -r what group; do
  case $what in
    started) groups="$groups $group" ;;
    ended)
      left=
      for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
      groups=$left ;;
    dismissed) exit 0 ;;
  esac
done
for group in $groups; do kill -s "$2" -- "-$group"; done
for wait in 1 2; do
  left=
  for group in $groups; do ! kill -0 -- "-$group" || left="$left $group"; done
  groups=$left
  [ -z "$groups" ] || sleep 1
done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1"
`

/** A shell that ran for less, in milliseconds, is not replaced. */
const MIN_LIFETIME = 100

/**
 * Starts the shell. `folder` has the sockets of this process's plugins. A shell that is killed is
 * replaced. What must not clean up after itself gets SIGKILL at once.
 */
export const startOrphanCleanup = (
  folder: string,
  signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM',
): OrphanCleanup => {
  const alive = new Set<number>()
  let isDismissed = false
  let stdin: Writable | undefined
  const say = (line: string): void => void stdin?.write(`${line}\n`)
  const start = (): void => {
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder, signal.slice('SIG'.length)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    })
    // Without a shell there is no cleanup, and a write to one that has ended does not matter.
    shell.on('error', () => undefined)
    shell.stdin.on('error', () => undefined)
    const begun = performance.now()
    shell.once('exit', () => {
      // A shell that cannot start would be replaced endlessly.
      if (!isDismissed && performance.now() - begun > MIN_LIFETIME) start()
    })
    shell.unref()
    stdin = shell.stdin
    for (const pid of alive) say(`started ${pid}`)
  }
  start()
  return {
    started: pid => {
      alive.add(pid)
      say(`started ${pid}`)
    },
    exited: pid => {
      signalGroup(pid, 'SIGKILL')
      alive.delete(pid)
      say(`ended ${pid}`)
    },
    killAll: () => {
      for (const pid of alive) signalGroup(pid, 'SIGKILL')
    },
    dismiss: () => {
      isDismissed = true
      say('dismissed')
      stdin?.end()
    },
  }
}
