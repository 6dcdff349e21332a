/** Aligns the columns of rows, two spaces apart. Widths are counted in UTF-16 units. */
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
