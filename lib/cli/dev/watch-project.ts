import { dirname, relative } from 'node:path'
import type { Notice } from '../../devhost/context.js'
import type { BuildEvent } from '../../devhost/plugin/build-status.js'
import type { WatchedEntry } from '../../devhost/plugin/watched-entry.js'
import { taskQueue } from '../../domain/task-queue.js'
import type { Project } from '../pack/project.js'
import { type Builder, type BuildLoop, keepBuilding } from './builder.js'
import { renewedClient } from './renew-client.js'
import { type Backend, watchBackend } from './watch-backend.js'
import type { WatchCompiler } from './watch-compiler.js'

/** A project, and the program of its backend. */
export interface DevProject extends Project {
  readonly backend: Backend
}

/** How to watch a project. */
export interface WatchOptions {
  /** The port of a debugger for its process. */
  readonly inspect: number | undefined
  readonly compilers: WatchCompiler
  readonly say: (notice: Notice) => void
}

/** A project that is built again whenever one of its files changes. */
export const watchedProject = (
  project: DevProject,
  { inspect, compilers, say }: WatchOptions,
): WatchedEntry => {
  const source = shortPath(project.entry)
  const { frontend: frontendEntry } = project
  return {
    source,
    inspected: inspect !== undefined,
    hasFrontend: frontendEntry !== undefined,
    watch: (on, group) => {
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
          if (next === undefined || next === id || frontendEntry === undefined) return
          id = next
          if (frontend === undefined)
            frontend = frontendOf(frontendEntry, project.root, () => id ?? '').then(builder =>
              keepBuilding(builder, tell),
            )
          else (await frontend).again()
        })
      const without = frontendEntry === undefined ? undefined : dirname(frontendEntry)
      const backend = watchBackend(
        project.backend,
        { source, inspect, frontend: without },
        compilers,
        { tell, group },
      )
      return {
        stop: async () => {
          await backend.stop()
          await (await frontend)?.stop()
        },
      }
    },
  }
}

// Imported late, so that esbuild is loaded by the first build.
const frontendOf = async (
  ...args: Parameters<typeof import('./frontend-builder.js').frontendBuilder>
): Promise<Builder> => (await import('./frontend-builder.js')).frontendBuilder(...args)

/** Relative to the working directory if the file is below it. */
const shortPath = (file: string): string => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
