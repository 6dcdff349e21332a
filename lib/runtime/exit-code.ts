/**
 * How a plugin's process ends. The numbers above 60 are those of `sysexits.h`; see `guardianScript`
 * for what a guardian makes of each.
 *
 * A process that is killed by signal `n` has no code of its own, and a shell and a guardian see 128
 * + `n`: 137 (SIGKILL) where the watchdog ended it, or the system for want of memory; 134 (SIGABRT)
 * where V8's heap was full. 130 and 143 stand for a second SIGINT or SIGTERM while it was stopping.
 */
export const EXIT = {
  /**
   * It was told to stop: by a signal, a `shutdown`, the end of its host, or another process that
   * took its socket's name. A guardian ends with it.
   */
  ok: 0,
  /** The socket could not be had, or something else went wrong that may be right the next time. */
  failed: 1,
  /** An argument that the plugin does not know. */
  usage: 64,
  /**
   * The configuration does not fit its codec: starting again without a change would end the same
   * way, and a guardian does not try.
   */
  config: 78,
} as const
