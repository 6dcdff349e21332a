import { HEALTHY_AFTER, RESTART_DELAYS } from '../../domain/host.js'

/** When a guardian restarts a plugin. Times are in seconds, and may have fractions. */
export interface GuardianSettings {
  /** How long it waits before each restart. After the last one it gives up. */
  readonly delays: ReadonlyArray<number>
  /** How long a plugin must have run for the next delay to be the first one: a whole number. */
  readonly healthyAfter: number
}

/** What the host's pages promise: see {@link RESTART_DELAYS}. */
export const GUARDIAN_DEFAULTS: GuardianSettings = {
  delays: RESTART_DELAYS.map(ms => ms / 1_000),
  healthyAfter: HEALTHY_AFTER / 1_000,
}

/**
 * The loop of a guardian, for a POSIX shell script whose arguments are the command to guard, and
 * which has a function `say` that writes its first argument to the log. The loop runs the command,
 * and runs it again when it ends. It never returns.
 *
 * `cases` are more branches of the `case` over the exit code of the command, such as `3) break ;;`.
 */
export const guardianLoop = (
  { delays, healthyAfter }: GuardianSettings = GUARDIAN_DEFAULTS,
  cases = '',
): string => `delays='${delays.join(' ')}'
healthy_after=${healthyAfter}

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
  [ $((now - since)) -lt "$healthy_after" ] || left=$delays
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
 * A guardian: a POSIX shell script that runs the command given as its arguments, and runs it again
 * when it ends. It costs the memory of a shell and not that of a second Node.js.
 *
 * The guardian ends, with the exit code of the command, on 0 (an orderly end) and 78 (a bad
 * configuration), after a signal to stop, and after the last delay. It forwards SIGTERM and SIGINT
 * as SIGTERM. The environment tells the command who guards it (`TORU_GUARDIAN` and
 * `TORU_GUARDIAN_PARENT`: process ids), so that it can end when the guardian or the host does, and,
 * after a restart, how the process before it ended (`TORU_GUARDIAN_AFTER`: an exit code).
 */
export const guardianScript = (settings: GuardianSettings = GUARDIAN_DEFAULTS): string => `#!/bin/sh
# Runs a plugin, and runs it again when it dies.
say() { echo "$1" >&2; }
${guardianLoop(settings)}`
