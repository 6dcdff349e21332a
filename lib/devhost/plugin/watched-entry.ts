import { createHash } from 'node:crypto'
import { E, pipe } from '../../fp.js'
import { askFailureText } from '../../plugin-process/ask-plugin.js'
import { type Metadata, metadataOf, unreachable } from '../../plugin-process/metadata.js'
import type { BuildError, BuildStatus } from '../console-api.js'
import type { Context } from '../context.js'
import { askOptions, type Launch } from '../process/launch.js'
import type { Frontend, HostedPlugin } from './registry.js'
import type { Outcome, Version } from './supervision.js'

/** What a builder says of an entry that it watches. Times are in milliseconds. */
export type BuildEvent =
  /** A file that can be run. */
  | { readonly _tag: 'Backend'; readonly launch: Launch; readonly took: number }
  /** The text of a bundle. */
  | { readonly _tag: 'Frontend'; readonly code: string; readonly took: number }
  | {
      readonly _tag: 'Failed'
      readonly half: BuildError['half']
      readonly errors: ReadonlyArray<BuildError>
      readonly took: number
    }

/** An entry that somebody builds and watches for the host. */
export interface EntrySource {
  /** As people know it: a path relative to the working directory. */
  readonly source: string
  /**
   * Whether a debugger listens in its process: then the old version ends before the new one starts,
   * for both want the same port.
   */
  readonly inspected: boolean
  /**
   * Begins; everything that is made goes into `folder`. Events come one at a time: the next waits
   * for the promise, which yields the plugin's id as far as it is known.
   */
  readonly watch: (
    folder: string,
    on: (event: BuildEvent) => Promise<string | undefined>,
  ) => { readonly stop: () => Promise<void> }
}

/**
 * Keeps a plugin that is built: starts it, puts every new version in the place of the one before,
 * and shows what does not build.
 */
export const hostEntry = (
  context: Context,
  { source, inspected, watch }: EntrySource,
): { readonly stop: () => Promise<void> } => {
  let hosted: HostedPlugin | undefined
  let frontend: Frontend | undefined
  let building = true
  let isOver = false
  let took: number | null = null
  const errors: Record<BuildError['half'], ReadonlyArray<BuildError>> = {
    backend: [],
    frontend: [],
  }
  const placeholder = pendingId(source)

  const build = (): BuildStatus => {
    const all = [...errors.backend, ...errors.frontend]
    return { state: building ? 'building' : all.length > 0 ? 'failed' : 'ok', errors: all, took }
  }
  const name = (): string => hosted?.managed.metadata().id ?? source
  const changed = (): void => context.changed(hosted?.managed.metadata().id ?? placeholder)
  const done = (half: BuildError['half'], found: ReadonlyArray<BuildError>, ms: number): void => {
    if (half === 'backend') building = false
    took = ms
    errors[half] = found
    for (const error of found)
      context.say({ kind: 'error', about: name(), text: `${half}: ${errorText(error)}` })
    changed()
  }
  const refuse = (text: string, ms: number): void =>
    done(
      'backend',
      [{ half: 'backend', text, file: null, line: null, column: null, lineText: null }],
      ms,
    )

  const backend = async (launch: Launch, ms: number): Promise<void> => {
    building = true
    changed()
    const metadata = await metadataOf(
      launch.command,
      askOptions(context.surroundings, context.folder),
    )()
    if (isOver) return
    if (E.isLeft(metadata)) return refuse(askFailureText(metadata.left), ms)
    const twin = context.plugins.get(metadata.right.id)
    if (twin !== undefined && twin !== hosted)
      return refuse(
        `its id is ${metadata.right.id}, as that of ${twin.source}: a host has one plugin of an id`,
        ms,
      )
    const problem = unreachable(metadata.right)
    if (problem !== undefined)
      context.say({ kind: 'warn', about: metadata.right.id, text: problem })
    warnOfRival(context, metadata.right)
    const before = hosted
    if (before === undefined) {
      // What becomes of it stands in its state: there is no old version that would go on.
      await first({ launch, metadata: metadata.right })
    } else {
      const result = await next(before, { launch, metadata: metadata.right })
      if (E.isLeft(result)) return refuse(result.left, ms)
    }
    done('backend', [], ms)
    context.say({
      kind: 'info',
      about: name(),
      text: `built in ${Math.round(ms)} ms${before === undefined ? '' : ', the new version is up'}`,
    })
  }
  const first = (version: Version): Promise<Outcome> => {
    const managed = context.manage(version)
    hosted = { managed, source, build, frontend: () => frontend }
    context.plugins.add(hosted)
    if (context.plugins.pending.delete(placeholder))
      context.hub.emit({ name: 'gone', data: { id: placeholder } })
    return managed.start()
  }
  const next = async (before: HostedPlugin, version: Version): Promise<Outcome> => {
    const { id } = before.managed.metadata()
    const result = await before.managed.replace(version, inspected ? 'old' : 'new')
    if (E.isRight(result) && version.metadata.id !== id) {
      context.plugins.remove(id)
      context.plugins.add(before)
      context.hub.emit({ name: 'gone', data: { id } })
    }
    return result
  }

  context.plugins.pending.set(placeholder, { id: placeholder, source, build })
  const take = async (event: BuildEvent): Promise<void> => {
    switch (event._tag) {
      case 'Backend':
        return backend(event.launch, event.took)
      case 'Frontend':
        frontend = frontendOf(event.code)
        context.say({
          kind: 'info',
          about: name(),
          text: `frontend built in ${Math.round(event.took)} ms`,
        })
        return done('frontend', [], event.took)
      case 'Failed':
        return done(event.half, event.errors, event.took)
    }
  }
  const watching = watch(context.folder, async event => {
    if (!isOver) await take(event)
    return hosted?.managed.metadata().id
  })
  return {
    stop: () => {
      isOver = true
      return watching.stop()
    },
  }
}

/** Of two plugins with one route only the first gets requests. */
export const warnOfRival = ({ plugins, say }: Context, { id, route }: Metadata): void => {
  const rival = plugins.byRoute(route)?.managed.metadata().id
  if (rival !== undefined && rival !== id)
    say({
      kind: 'warn',
      about: id,
      text: `its route ${route} is that of ${rival} too, which gets the requests`,
    })
}

const frontendOf = (code: string): Frontend => ({
  version: createHash('sha256').update(code).digest('hex').slice(0, 16),
  read: () => code,
})

const pendingId = (source: string): string =>
  pipe(
    source.replace(/\.[cm]?[jt]sx?$/, '').replace(/[^A-Za-z0-9]+/g, '-'),
    text => `building-${text.replace(/^-|-$/g, '')}`,
  )

/** A build error in one line, and the line of the source. */
const errorText = ({ text, file, line, column, lineText }: BuildError): string =>
  file === null
    ? text
    : `${file}:${line ?? 1}:${(column ?? 0) + 1}: ${text}${lineText === null ? '' : `\n    ${lineText.trim()}`}`
