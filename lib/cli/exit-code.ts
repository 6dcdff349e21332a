/** What `toru-plugin` ends with, for scripts. */
export const EXIT = {
  ok: 0,
  /** What was looked at is wrong, or what was to be done could not be. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
} as const

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
