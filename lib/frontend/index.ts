/**
 * `toru-plugin-api/frontend`: the browser's half of a plugin. No framework is needed and none is in
 * the way: a view gets an element and fills it.
 *
 * A `tsconfig.json` for it has `"dom"` in its `lib`.
 *
 * @module
 */

export type { PanelApi, PanelKv, RegisteredView, ToastKind } from './panel-api.js'
export { definePluginView, type PluginView, type Unmount } from './plugin-view.js'
export {
  type CallOptions,
  type RouteAnswer,
  type RouteCall,
  type RouteError,
  type RoutesClient,
  routesClient,
  type Scalar,
} from './routes-client.js'
