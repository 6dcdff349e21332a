/**
 * The exit codes of a plugin. Those above 60 are from `sysexits.h`. `guardianScript` says which of
 * them a guardian restarts.
 *
 * A process that is killed by signal `n` has no exit code. A shell and a guardian see 128 + `n`:
 * 137 (SIGKILL) from the watchdog, or from the system if it is out of memory; 134 (SIGABRT) if V8's
 * heap is full. 130 and 143 stand for a second SIGINT or SIGTERM during the shutdown.
 */
export const EXIT = {
  /**
   * It had a reason to stop: a signal, a `shutdown`, the end of its host, or another process that
   * took its socket's path. A guardian ends with it.
   */
  ok: 0,
  /** It has no socket, or another problem that may be gone after a restart. */
  failed: 1,
  /** It does not know an argument. */
  usage: 64,
  /**
   * Its configuration is wrong. A restart without a change would end in the same way, so a guardian
   * ends with it.
   */
  config: 78,
} as const
