import type { BuildError, BuildStatus } from '../console-api.js'
import type { Launch } from '../process/launch.js'

/** One half of a plugin, which is built by itself. */
export type Half = BuildError['half']

/** What a builder reports of an entry. `took` is in milliseconds. */
export type BuildEvent =
  /** A program that can be started, in spite of type errors. */
  | {
      readonly _tag: 'Backend'
      readonly launch: Launch
      readonly errors: ReadonlyArray<BuildError>
      readonly took: number
    }
  /** The same program as before, with other type errors. */
  | { readonly _tag: 'Checked'; readonly errors: ReadonlyArray<BuildError> }
  /** The text of a bundle. */
  | { readonly _tag: 'Frontend'; readonly code: string; readonly took: number }
  | {
      readonly _tag: 'Failed'
      readonly half: Half
      readonly errors: ReadonlyArray<BuildError>
      readonly took: number
    }

/** How far an entry is built. */
export interface BuildState {
  readonly isBuilding: boolean
  readonly errors: Readonly<Record<Half, ReadonlyArray<BuildError>>>
  /** Errors of the backend's types, which it runs in spite of. */
  readonly typeErrors: ReadonlyArray<BuildError>
  /** How long the last build took, in milliseconds. */
  readonly took: number | null
}

/** An entry that is built for the first time. */
export const firstBuild: BuildState = {
  isBuilding: true,
  errors: { backend: [], frontend: [] },
  typeErrors: [],
  took: null,
}

/** One half was built, with these errors. Without its backend an entry is still being built. */
export const halfBuilt = (
  state: BuildState,
  half: Half,
  errors: ReadonlyArray<BuildError>,
  took: number,
): BuildState => ({
  ...state,
  isBuilding: half === 'backend' ? false : state.isBuilding,
  errors: { ...state.errors, [half]: errors },
  took,
})

/** The status of a build, as the console shows it. */
export const buildStatus = ({ isBuilding, errors, typeErrors, took }: BuildState): BuildStatus => {
  const fatal = [...errors.backend, ...errors.frontend]
  return {
    state: isBuilding ? 'building' : fatal.length > 0 ? 'failed' : 'ok',
    errors: [...fatal, ...typeErrors],
    took,
  }
}

/** An error of a backend that was built, but cannot be hosted. */
export const backendError = (text: string): BuildError => ({
  half: 'backend',
  text,
  file: null,
  line: null,
  column: null,
  lineText: null,
})

/** A build error with its place, and the line of the source below it. */
export const buildErrorText = ({ text, file, line, column, lineText }: BuildError): string =>
  file === null
    ? text
    : `${file}:${line ?? 1}:${(column ?? 0) + 1}: ${text}${lineText === null ? '' : `\n    ${lineText.trim()}`}`
