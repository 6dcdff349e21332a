import { relative } from 'node:path'
import type { Notice } from '../../devhost/context.js'
import type { BuildEvent } from '../../devhost/plugin/build-status.js'
import type { WatchedEntry } from '../../devhost/plugin/watched-entry.js'
import { taskQueue } from '../../domain/task-queue.js'
import type { Project } from '../pack/project.js'
import { type Builder, type BuildLoop, keepBuilding } from './builder.js'
import { renewedClient } from './renew-client.js'

/**
 * A project that is built again whenever one of its files changes. `inspect` is the port of a
 * debugger for its process.
 */
export const watchedProject = (
  project: Project,
  index: number,
  inspect: number | undefined,
  say: (notice: Notice) => void,
): WatchedEntry => {
  const source = shortPath(project.entry)
  return {
    source,
    inspected: inspect !== undefined,
    hasFrontend: project.frontend !== undefined,
    watch: (folder, on) => {
      // The host gets the events of both halves one after the other. The frontend is built once the
      // plugin's id is known, since its style sheets are scoped by it.
      const inTurn = taskQueue(1)
      let id: string | undefined
      let frontend: Promise<BuildLoop> | undefined
      const tell = (event: BuildEvent): Promise<void> =>
        inTurn(async () => {
          const next = await on(event)
          if (event._tag === 'Backend' && next !== undefined)
            void renewedClient(project, event.launch).then(
              told => told && say({ ...told, about: next }),
            )
          if (next === undefined || next === id || project.frontend === undefined) return
          id = next
          if (frontend === undefined)
            frontend = frontendOf(project.frontend, project.root, () => id ?? '').then(builder =>
              keepBuilding(builder, folder, tell),
            )
          else (await frontend).again()
        })
      const backend = backendOf(project, source, `plugin-${index}`, inspect).then(builder =>
        keepBuilding(builder, folder, tell),
      )
      return {
        stop: async () => {
          await (await backend).stop()
          await (await frontend)?.stop()
        },
      }
    },
  }
}

// Imported late, so that esbuild is loaded by the first build.
const backendOf = async (
  ...args: Parameters<typeof import('./backend-builder.js').backendBuilder>
): Promise<Builder> => (await import('./backend-builder.js')).backendBuilder(...args)
const frontendOf = async (
  ...args: Parameters<typeof import('./frontend-builder.js').frontendBuilder>
): Promise<Builder> => (await import('./frontend-builder.js')).frontendBuilder(...args)

/** Relative to the working directory if the file is below it. */
const shortPath = (file: string): string => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
