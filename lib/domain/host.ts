/**
 * The host's numbers and names (docs/protocol.md): nothing else states them, and texts interpolate
 * them. Nothing here needs Node.js, so the browser may import it, too.
 *
 * @module
 */

/** How long the host waits for the answer to an HTTP request, in milliseconds. */
export const HOST_HTTP_TIMEOUT = 30_000

/** How long the host waits for the answer to a KV message, in milliseconds. */
export const HOST_KV_TIMEOUT = 5_000

/** How long the host waits for a plugin's socket when it starts, in milliseconds. */
export const HOST_START_TIMEOUT = 1_000

/** How long the host waits for a plugin's socket when somebody enables it, in milliseconds. */
export const HOST_ENABLE_TIMEOUT = 2_000

/** The most bytes of JSON that one message may have, in either direction: 16 MiB. */
export const MAX_FRAME_BYTES = 16_777_216

/** The most bytes of a plugin's stderr that the host reads at a time. */
export const HOST_LOG_READ = 4_096

/** The most bytes in the path of a Unix socket. */
export const maxSocketPath = (platform: string): number => (platform === 'darwin' ? 103 : 107)

/** What a plugin's id looks like. */
export const ID_PATTERN = /^[A-Za-z0-9-]+$/

/** The most bytes in a plugin's name, and in its author. */
export const MAX_NAME_BYTES = 100

/** The folder of the plugins' sockets. */
export const SOCKET_FOLDER = '/tmp/toru-plugins'

/** Where a plugin listens unless `TORU_PLUGIN_SOCKET` says otherwise. */
export const defaultSocket = (id: string): string => `${SOCKET_FOLDER}/${id}.sock`

/** How the names of the files end that the host takes for plugins. */
export const BINARY_SUFFIX = '.binary'

/** The name of a plugin's file in the plugins folder. */
export const binaryName = (id: string): string => `${id}${BINARY_SUFFIX}`

/** The host's database, in its working directory, which is also the plugin's. */
export const HOST_DATABASE = 'steering.db'

/**
 * The delays before each new start of a plugin that died, in a row and in milliseconds. After the
 * last one it is given up. The host's pages promise this; a guardian and `dev` do it.
 */
export const RESTART_DELAYS: ReadonlyArray<number> = [
  1_000, 2_000, 4_000, 8_000, 16_000, 16_000, 16_000, 16_000, 16_000, 16_000,
]

/** A plugin that ran for this long, in milliseconds, begins with the first delay again. */
export const HEALTHY_AFTER = 60_000
