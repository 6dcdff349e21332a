/** The code of an error of the system, such as `ENOENT`, if it is one. */
export const errorCode = (u: unknown): string | undefined =>
  u instanceof Error && 'code' in u && typeof u.code === 'string' ? u.code : undefined

/** The message of whatever was thrown. */
export const messageOf = (u: unknown): string => {
  if (u instanceof Error) return u.message || u.name
  if (typeof u === 'string') return u
  try {
    return String(u)
  } catch {
    return 'a value that cannot be shown'
  }
}
