import type { Logger } from '../domain/context.js'
import { type Declaration, handlersOf } from '../reflect/declaration.js'

/**
 * Logs that the plugin listens. A person who started it by hand also reads what to do next, with a
 * command that sends it a request.
 */
export const announce = (
  declaration: Declaration,
  path: string,
  byHand: boolean,
  log: Logger,
): void => {
  const { id, name, version } = declaration.metadata
  const routes = handlersOf(declaration, 'Route')
  log.info({ routes: routes.length }, `${name} ${version} (${id}) listens on ${path}`)
  if (!byHand) return
  const get = routes.find(route => route.method === 'GET')?.path ?? '/'
  const message = {
    type: 'http',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: '1',
    payload: { method: 'GET', path: get, headers: {}, body: null },
  }
  log.info(
    'it was started by hand: a host starts it with TORU_PLUGIN_SOCKET set. ' +
      'Ctrl-C stops it; --help explains. Send it a request from another terminal:',
  )
  log.info(`echo '${JSON.stringify(message)}' | socat -t 5 - UNIX-CONNECT:${path}`)
}
