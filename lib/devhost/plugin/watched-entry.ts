import { createHash } from 'node:crypto'
import { E, pipe } from '../../fp.js'
import { askFailureText, noiseText } from '../../plugin-process/ask-plugin.js'
import { printedMetadata } from '../../plugin-process/metadata.js'
import type { ProcessGroup } from '../../plugin-process/spawn-process.js'
import type { BuildError, BuildStatus } from '../console-api.js'
import type { Context } from '../context.js'
import { type Deferred, makeDeferred } from '../deferred.js'
import { askOptions, type Launch } from '../process/launch.js'
import {
  type BuildEvent,
  type BuildState,
  backendError,
  buildErrorText,
  buildStatus,
  firstBuild,
  type Half,
  halfBuilt,
} from './build-status.js'
import type { Frontend, HostedPlugin } from './registry.js'
import { warnOfRoute } from './route-warnings.js'
import type { Outcome, Version } from './supervision.js'

/** An entry that is built for the host whenever its files change. */
export interface WatchedEntry {
  /** A name for people: the path relative to the working directory. */
  readonly source: string
  /**
   * Whether its process has a debugger's port. Then the old version ends before the new one starts,
   * since both need the port.
   */
  readonly inspected: boolean
  /** Whether it has a frontend, which is built once the plugin's id is known. */
  readonly hasFrontend: boolean
  /**
   * Starts building. Events come one at a time: the next waits for the promise, which yields the
   * plugin's id once that is known. `group` is told of every process that is started for that.
   */
  readonly watch: (
    on: (event: BuildEvent) => Promise<string | undefined>,
    group: ProcessGroup,
  ) => { readonly stop: () => Promise<void> }
}

/** How many errors of a build are told one by one. */
const MAX_SHOWN = 10

/** An entry in the care of a host. */
export interface HostedEntry {
  /**
   * Its plugin has started for the first time, or failed to, and so has the build of its frontend.
   */
  readonly settled: Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Hosts an entry: starts its plugin, replaces it with every new version, and reports build errors.
 * `idsKnown`: plugins that are not entries have their ids.
 */
export const hostWatchedEntry = (
  context: Context,
  { source, inspected, hasFrontend, watch }: WatchedEntry,
  idsKnown: Promise<unknown>,
): HostedEntry => {
  let hosted: HostedPlugin | undefined
  let frontend: Frontend | undefined
  let state = firstBuild
  let isOver = false
  const firstBuilds: Readonly<Record<Half, Deferred>> = {
    backend: makeDeferred(),
    frontend: makeDeferred(),
  }
  const stopped = makeDeferred()
  const placeholder = pendingId(source)

  const build = (): BuildStatus => buildStatus(state)
  const name = (): string => hosted?.managed.metadata().id ?? source
  const become = (next: BuildState): void => {
    state = next
    context.changed(hosted?.managed.metadata().id ?? placeholder)
  }
  const show = (kind: 'warn' | 'error', half: Half, errors: ReadonlyArray<BuildError>): void => {
    const say = (text: string): void =>
      context.say({ kind, about: name(), text: `${half}: ${text}` })
    for (const error of errors.slice(0, MAX_SHOWN)) say(buildErrorText(error))
    if (errors.length > MAX_SHOWN) say(`and ${errors.length - MAX_SHOWN} more errors`)
  }
  const built = (half: Half, errors: ReadonlyArray<BuildError>, took: number): void => {
    show('error', half, errors)
    become(halfBuilt(state, half, errors, took))
  }
  const checked = (typeErrors: ReadonlyArray<BuildError>): void => {
    show('warn', 'backend', typeErrors)
    if (typeErrors.length === 0 && state.typeErrors.length > 0)
      context.say({ kind: 'info', about: name(), text: 'no type errors any more' })
    become({ ...state, typeErrors })
  }
  const refuse = (text: string, took: number): void => built('backend', [backendError(text)], took)

  const backend = async (launch: Launch, ms: number): Promise<void> => {
    if (isOver) return
    become({ ...state, isBuilding: true })
    const printed = await printedMetadata(
      launch.command,
      askOptions(context.launchOptions, context.folder),
    )()
    if (isOver) return
    if (E.isLeft(printed)) return refuse(askFailureText(printed.left), ms)
    const { metadata, noise } = printed.right
    if (noise.length > 0)
      context.say({
        kind: 'warn',
        about: metadata.id,
        text: `a host skips it unless it is packed: ${noiseText(noise)}`,
      })
    const other = context.plugins.get(metadata.id)
    if (other !== undefined && other !== hosted)
      return refuse(
        `its id is ${metadata.id}, and so is that of ${other.source}: ids must be unique`,
        ms,
      )
    warnOfRoute(context, metadata)
    const before = hosted
    if (before === undefined) {
      // Its state says whether it starts: there is no old version that could go on.
      await first({ launch, metadata })
    } else {
      const result = await next(before, { launch, metadata })
      if (E.isLeft(result)) return refuse(result.left, ms)
    }
    built('backend', [], ms)
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
        checked(event.errors)
        await idsKnown
        return context.startQueue(() => backend(event.launch, event.took))
      case 'Frontend':
        frontend = frontendOf(event.code)
        context.say({
          kind: 'info',
          about: name(),
          text: `frontend built in ${Math.round(event.took)} ms`,
        })
        return built('frontend', [], event.took)
      case 'Checked':
        return checked(event.errors)
      case 'Failed':
        return built(event.half, event.errors, event.took)
    }
  }
  const watching = watch(async event => {
    // A host that ends does not wait for a plugin that does not answer: it kills what is left.
    if (!isOver) await Promise.race([take(event), stopped.promise])
    firstBuilds[halfOf(event)].resolve()
    return hosted?.managed.metadata().id
  }, context.launchOptions.cleanup)
  const settled = async (): Promise<void> => {
    await firstBuilds.backend.promise
    if (hosted === undefined) return
    if (hasFrontend) await firstBuilds.frontend.promise
    await hosted.managed.settled()
  }
  return {
    settled: settled(),
    stop: () => {
      isOver = true
      stopped.resolve()
      return watching.stop()
    },
  }
}

const halfOf = (event: BuildEvent): Half => {
  switch (event._tag) {
    case 'Backend':
    case 'Checked':
      return 'backend'
    case 'Frontend':
      return 'frontend'
    case 'Failed':
      return event.half
  }
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
