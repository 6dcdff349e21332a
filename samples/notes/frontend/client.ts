// The routes of the plugin 'notes', written by `toru-plugin routes --client`.
// Do not edit: run the command again when the routes have changed.
import { type PanelApi, routesClient, type Scalar } from 'toru-plugin-api/frontend'

export type Note = { id: string; title: string; text: string; tags: Array<string>; changed: string }

export type NewNote = { title: string } & { text?: string; tags?: Array<string> }

/** What each route takes and answers. */
export type Routes = {
  get: {
    '/': { query?: { q?: Scalar; tag?: ReadonlyArray<Scalar> }; answer: Array<Note> }
    '/:id': { params: { id: Scalar }; answer: Note }
  }
  post: { '/': { body: NewNote; answer: Note } }
  put: { '/:id': { params: { id: Scalar }; body: NewNote; answer: Note } }
  delete: { '/:id': { params: { id: Scalar }; answer: unknown } }
}

/** Calls the routes: `createClient(api).get('/')`. */
export const createClient = (api: Pick<PanelApi, 'fetch'>) => routesClient<Routes>(api)
