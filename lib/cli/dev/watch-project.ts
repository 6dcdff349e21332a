import { relative } from 'node:path'
import type { Notice } from '../../devhost/context.js'
import type { BuildEvent, EntrySource } from '../../devhost/plugin/watched-entry.js'
import { taskQueue } from '../../domain/task-queue.js'
import type { Project } from '../pack/project.js'
import { watchFiles } from './file-watch.js'
import type { Half } from './half.js'
import { keepClient } from './keep-client.js'

/**
 * Builds a project, and again whenever what it was made of changes. `inspect` is the port of a
 * debugger for its process.
 */
export const projectSource = (
  project: Project,
  index: number,
  inspect: number | undefined,
  say: (notice: Notice) => void,
): EntrySource => {
  const source = shortPath(project.entry)
  return {
    source,
    inspected: inspect !== undefined,
    watch: (folder, on) => {
      // Events of both halves go to the host one after the other. The frontend waits for the id:
      // its style sheets hold for that plugin alone.
      const inTurn = taskQueue(1)
      let id: string | undefined
      let frontend: Promise<Building> | undefined
      const tell = (event: BuildEvent): Promise<void> =>
        inTurn(async () => {
          const next = await on(event)
          if (event._tag === 'Backend' && next !== undefined)
            void keepClient(project, event.launch).then(
              told => told && say({ ...told, about: next }),
            )
          if (next === undefined || next === id || project.frontend === undefined) return
          id = next
          if (frontend === undefined)
            frontend = frontendOf(project.frontend, project.root, () => id ?? '').then(half =>
              keepBuilding(half, folder, tell),
            )
          else (await frontend).again()
        })
      const backend = backendOf(project, source, `plugin-${index}`, inspect).then(half =>
        keepBuilding(half, folder, tell),
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

// esbuild is loaded by the first build.
const backendOf = async (
  ...args: Parameters<typeof import('./watch-backend.js').backendHalf>
): Promise<Half> => (await import('./watch-backend.js')).backendHalf(...args)
const frontendOf = async (
  ...args: Parameters<typeof import('./watch-frontend.js').frontendHalf>
): Promise<Half> => (await import('./watch-frontend.js')).frontendHalf(...args)

/** Relative to the working directory, where the file is below it. */
const shortPath = (file: string): string => {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}

/** A half that is built. */
interface Building {
  /** Builds it once more. */
  readonly again: () => void
  readonly stop: () => Promise<void>
}

/** Builds now and after every change. What changes during a build is built afterwards. */
const keepBuilding = (
  half: Half,
  folder: string,
  tell: (event: BuildEvent) => Promise<void>,
): Building => {
  let known: ReadonlyArray<string> = []
  let running: Promise<void> | undefined
  let isWanted = false
  let isOver = false
  const once = async (): Promise<void> => {
    const begun = Date.now()
    const { inputs, event } = await half.build(folder, begun)
    // A build that failed does not know all that it would read.
    known = event?._tag === 'Failed' ? [...new Set([...known, ...inputs])] : inputs
    watched.look([half.entry, ...known], begun)
    if (event !== undefined && !isOver) await tell(event)
  }
  const again = (): void => {
    if (running !== undefined) {
      isWanted = true
      return
    }
    running = once().finally(() => {
      running = undefined
      if (!isWanted || isOver) return
      isWanted = false
      again()
    })
  }
  const watched = watchFiles(again)
  again()
  return {
    again,
    stop: async () => {
      isOver = true
      watched.stop()
      await running
      await half.stop()
    },
  }
}
