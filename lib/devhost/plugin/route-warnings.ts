import { type Metadata, unreachable } from '../../plugin-process/metadata.js'
import type { Context } from '../context.js'

/** Warns of a plugin whose route the host cannot reach, or sends to another plugin. */
export const warnOfRoute = ({ plugins, say }: Context, metadata: Metadata): void => {
  const { id, route } = metadata
  const warn = (text: string): void => say({ kind: 'warn', about: id, text })
  const problem = unreachable(metadata)
  if (problem !== undefined) warn(problem)
  const other = plugins.byRoute(route)?.managed.metadata().id
  if (other !== undefined && other !== id)
    warn(`its route ${route} is also that of ${other}, which gets the requests`)
}
