/**
 * Rows of text with their columns under one another, two blanks apart. Widths are counted in
 * characters.
 */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = rows.reduce<ReadonlyArray<number>>(
    (all, row) =>
      Array.from({ length: Math.max(all.length, row.length) }, (_, index) =>
        Math.max(all[index] ?? 0, row[index]?.length ?? 0),
      ),
    [],
  )
  return rows.map(row =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
