/** Something wrong with a plugin's class: where, what, and how to fix it. */
export interface Problem {
  /** `Notes.add`, or `Notes` for the class. */
  readonly place: string
  readonly cause: string
  readonly fix: string
}

/** Every problem of a class as one message, a line each. */
export const problemsMessage = (className: string, problems: ReadonlyArray<Problem>): string =>
  [
    `${className} cannot be registered as a plugin: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}.`,
    ...problems.map(({ place, cause, fix }) => `  - ${place}: ${cause}. ${fix}.`),
  ].join('\n')
