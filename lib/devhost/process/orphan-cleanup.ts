import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { type ProcessGroup, signalGroup } from '../../plugin-process/spawn-process.js'

/**
 * What ends the plugins when this process cannot, because it was killed: a shell of its own session
 * that is told every plugin that starts and ends. When the pipe to it closes, it ends the groups of
 * processes that are left, first in order and then at once, and removes the folder of the sockets.
 */
export interface OrphanCleanup extends Required<ProcessGroup> {
  /** Kills every group that has started and not ended, at once. */
  readonly killAll: () => void
  /** Everything is tidied up already: the guard goes and does nothing. */
  readonly dismiss: () => void
}

/**
 * Its argument is the folder. `kill -0` asks whether anybody is left in a group; two seconds are
 * what a plugin may take to end.
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
for group in $groups; do kill -s TERM -- "-$group"; done
for wait in 1 2; do
  left=
  for group in $groups; do ! kill -0 -- "-$group" || left="$left $group"; done
  groups=$left
  [ -z "$groups" ] || sleep 1
done
for group in $groups; do kill -s KILL -- "-$group"; done
rm -rf -- "$1"
`

/** A guard that lived for less, in milliseconds, gets no successor. */
const LEAST_LIFE = 100

/**
 * Starts a guard for the plugins of this process, whose sockets are in `folder`. Where somebody
 * kills it, another one takes its place.
 */
export const startOrphanCleanup = (folder: string): OrphanCleanup => {
  const alive = new Set<number>()
  let isDismissed = false
  let stdin: Writable | undefined
  const say = (line: string): void => void stdin?.write(`${line}\n`)
  const start = (): void => {
    const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    })
    // Without a shell there is no guard, and a write to one that is gone tells nobody anything.
    shell.on('error', () => undefined)
    shell.stdin.on('error', () => undefined)
    const begun = performance.now()
    shell.once('exit', () => {
      // One that cannot even start would be started without end.
      if (!isDismissed && performance.now() - begun > LEAST_LIFE) start()
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
