/** A result of a check. An `error` keeps plugins from working, a `warning` may. */
export interface Finding {
  /** The check: `node`, `tsconfig`, … */
  readonly check: string
  readonly level: 'ok' | 'warning' | 'error'
  /** What was found, as a sentence without a full stop. */
  readonly found: string
  /** What to do, a command or a sentence. Every warning and every error has one. */
  readonly mend?: string
}

/** The findings of one check. */
export interface Reporter {
  readonly ok: (found: string) => Finding
  readonly warning: (found: string, mend: string) => Finding
  readonly error: (found: string, mend: string) => Finding
}

/** Makes the findings of a check. */
export const reporter = (check: string): Reporter => ({
  ok: found => ({ check, level: 'ok', found }),
  warning: (found, mend) => ({ check, level: 'warning', found, mend }),
  error: (found, mend) => ({ check, level: 'error', found, mend }),
})
