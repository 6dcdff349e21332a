import { relative } from 'node:path'
import type { BuildEvent, EntrySource } from '../../devhost/entry.js'
import type { Project } from '../pack/project.js'
import { watchFiles } from './file-watch.js'

/** One half of a plugin, as it is built. */
export interface Half {
  readonly half: 'backend' | 'frontend'
  /** Builds it now, what it makes going into `folder`: the files it read as far as they are known, and the event; none where nothing has changed. `begun` is when, in milliseconds since 1970. */
  readonly build: (
    folder: string,
    begun: number,
  ) => Promise<{ readonly inputs: ReadonlyArray<string>; readonly event: BuildEvent | undefined }>
  readonly stop: () => Promise<void>
}

/** Builds a project, and again whenever what it was made of changes. `inspect` is the port of a debugger for its process. */
export const projectSource = (project: Project, index: number, inspect: number | undefined): EntrySource => {
  const source = relative(process.cwd(), project.entry) || project.entry
  return {
    source,
    inspected: inspect !== undefined,
    watch: (folder, on) => {
      // Events of both halves go to the host one after the other.
      let queue: Promise<void> = Promise.resolve()
      const tell = (event: BuildEvent): Promise<void> => {
        queue = queue.then(() => on(event))
        return queue
      }
      const halves: ReadonlyArray<Promise<Half>> = [
        import('./watch-backend.js').then(({ backendHalf }) => backendHalf(project, source, `plugin-${index}`, inspect)),
        ...(project.frontend === undefined ? [] : [frontend(project.frontend, project.root)]),
      ]
      const watched = halves.map(half => half.then(made => keepBuilding(made, [project.entry], folder, tell)))
      return {
        stop: async () => {
          for (const stop of await Promise.all(watched)) await stop()
        },
      }
    },
  }
}

const frontend = (entry: string, root: string): Promise<Half> =>
  import('./watch-frontend.js').then(({ frontendHalf }) => frontendHalf(entry, root))

/** Builds now and after every change. What changes during a build is built afterwards. */
const keepBuilding = (
  half: Half,
  first: ReadonlyArray<string>,
  folder: string,
  tell: (event: BuildEvent) => Promise<void>,
): (() => Promise<void>) => {
  let known: ReadonlyArray<string> = first
  let running: Promise<void> | undefined
  let again = false
  let stopped = false
  const once = async (): Promise<void> => {
    const begun = Date.now()
    const { inputs, event } = await half.build(folder, begun)
    // A build that failed does not know all that it would read.
    known = event?._tag === 'Failed' ? [...new Set([...known, ...inputs])] : inputs
    watched.look([...first, ...known], begun)
    if (event !== undefined && !stopped) await tell(event)
  }
  const build = (): void => {
    if (running !== undefined) {
      again = true
      return
    }
    running = once().finally(() => {
      running = undefined
      if (!again || stopped) return
      again = false
      build()
    })
  }
  const watched = watchFiles(build)
  build()
  return async () => {
    stopped = true
    watched.stop()
    await running
    await half.stop()
  }
}
