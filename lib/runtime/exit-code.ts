/** How a plugin's process ends. The numbers above 60 are those of `sysexits.h`. */
export const EXIT = {
  ok: 0,
  /** The socket could not be had, or something else went wrong that may be right the next time. */
  failed: 1,
  /** An argument that the plugin does not know. */
  usage: 64,
  /** The configuration does not fit its codec: starting again without a change would end the same way. */
  config: 78,
} as const
