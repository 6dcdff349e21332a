import { HEALTHY_AFTER, RESTART_DELAYS } from '../../domain/host.js'

/** When a guardian starts a plugin again. Times are in seconds, and may have fractions. */
export interface GuardianSettings {
  /** How long it waits before each new start; once they are used up it gives up. */
  readonly delays: ReadonlyArray<number>
  /** After how long a life of the plugin it begins with the first delay again: a whole number. */
  readonly health: number
}

/** What the host's pages promise: see {@link RESTART_DELAYS}. */
export const GUARDIAN_DEFAULTS: GuardianSettings = {
  delays: RESTART_DELAYS.map(ms => ms / 1_000),
  health: HEALTHY_AFTER / 1_000,
}

/**
 * The loop of a guardian, for a POSIX shell script that has `say` (a function that writes its first
 * argument to the log) and the command to guard as its arguments: it runs the command, and runs it
 * again when it dies. It never returns.
 *
 * `cases` are more branches of the `case` that looks at the exit code of the command, such as `3)
 * break ;;`.
 */
export const guardianLoop = (
  { delays, health }: GuardianSettings = GUARDIAN_DEFAULTS,
  cases = '',
): string => `delays='${delays.join(' ')}'
health=${health}

export TORU_GUARDIAN=$$ TORU_GUARDIAN_PARENT=$PPID
unset TORU_GUARDIAN_AFTER
child=
stopping=

stop() {
  stopping=1
  interrupted=1
  [ -z "$child" ] || kill -s TERM "$child" 2>/dev/null
}
trap stop TERM INT

# Waits for the child; its code is then in $code. A signal ends the shell's own wait, not the child.
await() {
  interrupted=
  wait "$child"
  code=$?
  while [ -n "$interrupted" ]; do
    interrupted=
    wait "$child"
    again=$?
    [ "$again" -eq 127 ] || code=$again
  done
  child=
}

clock() {
  if read -r now _ </proc/uptime; then now=\${now%%.*}; else now=$(date +%s); fi 2>/dev/null
}

left=$delays
while [ -z "$stopping" ]; do
  clock
  since=$now
  "$@" &
  child=$!
  # The signal may have come before there was a child.
  [ -z "$stopping" ] || stop
  await
  case $code in
    0 | 78) exit "$code" ;;${cases === '' ? '' : `\n    ${cases}`}
  esac
  [ -z "$stopping" ] || exit "$code"
  clock
  [ $((now - since)) -lt "$health" ] || left=$delays
  if [ -z "$left" ]; then
    say "The plugin died too often, the last time with exit code $code; it is not started again."
    exit "$code"
  fi
  export TORU_GUARDIAN_AFTER="$code"
  sleep "\${left%% *}" </dev/null >/dev/null 2>&1 &
  child=$!
  case $left in *' '*) left=\${left#* } ;; *) left= ;; esac
  await
done
exit 0
`

/**
 * The text of a guardian: a POSIX shell script that runs the command given as its arguments and
 * runs it again when it dies. It costs the memory of a shell, not that of a second Node.js.
 *
 * It ends, with the code of the command, on 0 (an end in order) and 78 (a bad configuration), once
 * it was told to stop, and after the last delay. SIGTERM and SIGINT are handed on as SIGTERM. The
 * command learns from the environment who guards it (`TORU_GUARDIAN`, `TORU_GUARDIAN_PARENT`:
 * process ids), to end when the guardian or the host does, and, when it is started again, how the
 * one before ended (`TORU_GUARDIAN_AFTER`: an exit code).
 */
export const guardianScript = (settings: GuardianSettings = GUARDIAN_DEFAULTS): string => `#!/bin/sh
# Runs a plugin, and runs it again when it dies.
say() { echo "$1" >&2; }
${guardianLoop(settings)}`
