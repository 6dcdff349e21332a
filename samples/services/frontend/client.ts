// The routes of the plugin 'systemd', written by `toru-plugin routes --client`.
// Do not edit: run the command again when the routes have changed.
import { type PanelApi, routesClient, type Scalar } from 'toru-plugin-api/frontend'

export type Service = {
  name: string
  description: string
  status: 'running' | 'stopped' | 'failed' | 'changing' | 'unknown'
  active_state: string
  sub_state: string
  uptime_seconds: number | null
}

/** What each route takes and answers. */
export type Routes = {
  get: {
    '/services': { answer: Array<Service> }
    '/services/available': {
      answer: Array<{
        name: string
        description: string
        active_state: string
        file_state: string | null
      }>
    }
    '/services/:name/logs': {
      params: { name: Scalar }
      query?: { lines?: Scalar }
      answer: Array<{
        time: string
        priority: number
        identifier: string | null
        pid: string | null
        message: string
      }>
    }
  }
  post: {
    '/services/:name/start': { params: { name: Scalar }; answer: Service }
    '/services/:name/stop': { params: { name: Scalar }; answer: Service }
    '/services/:name/restart': { params: { name: Scalar }; answer: Service }
  }
  put: { '/services/:name/watched': { params: { name: Scalar }; answer: Service } }
  delete: { '/services/:name/watched': { params: { name: Scalar }; answer: unknown } }
}

/** Calls the routes: `createClient(api).get('/')`. */
export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)
