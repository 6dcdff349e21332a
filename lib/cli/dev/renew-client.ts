import { relative } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Notice } from '../../devhost/context.js'
import type { Launch } from '../../devhost/process/launch.js'
import type { Project } from '../pack/project.js'

/**
 * Updates the typed client of a project's frontend when a new backend has other routes, so that the
 * author's editor knows them. Does nothing for a project without a client. Yields a notice if there
 * is something to say.
 */
export const renewedClient = async (
  { frontend }: Project,
  { command }: Launch,
): Promise<Pick<Notice, 'kind' | 'text'> | undefined> => {
  const backend = command.at(-1)
  if (frontend === undefined || backend === undefined) return undefined
  const [{ describe }, { clientBeside, renewClient }] = await Promise.all([
    import('../describe.js'),
    import('../routes/write-client.js'),
  ])
  const described = await describe(backend)()
  // The host reports what is wrong with a backend.
  if (E.isLeft(described)) return undefined
  const file = clientBeside(frontend)
  const renewed = renewClient(file, described.right)
  if (E.isLeft(renewed)) return { kind: 'warn', text: renewed.left.message }
  return renewed.right
    ? { kind: 'info', text: `wrote ${relative(process.cwd(), file)}: the routes have changed` }
    : undefined
}
