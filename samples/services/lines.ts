import { described } from 'toru-plugin-api'
import { t } from 'toru-plugin-api/fp'

const MOST = 1_000

/** A number of lines, read from the text of a query. */
export const Lines = described(
  new t.Type<number, string, unknown>(
    `a number from 1 to ${MOST}`,
    t.number.is,
    (u, context) => {
      const lines = typeof u === 'string' && /^[1-9]\d{0,3}$/.test(u) ? Number(u) : Number.NaN
      return lines <= MOST ? t.success(lines) : t.failure(u, context)
    },
    String,
  ),
  { type: 'string', pattern: '^[1-9][0-9]{0,3}$' },
)
