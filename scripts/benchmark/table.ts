/** A table's columns: their titles, and what stands in each for a row. */
export type Columns<Row> = readonly (readonly [title: string, cell: (row: Row) => string])[];

/** Lines of a table, the first column to the left and all others to the right. */
export function formatTable<Row>(head: Columns<Row>, rows: readonly Row[]): readonly string[] {
  const cells = [
    head.map(([title]) => title),
    ...rows.map((row) => head.map(([, cell]) => cell(row))),
  ];
  const widths = head.map((_column, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}

/** A number with so many decimals, or a dash if it is not known; JSON has null for that. */
export function fixed(value: number | null, decimals = 0): string {
  return value === null || Number.isNaN(value) ? '-' : value.toFixed(decimals);
}

/** Bytes in MiB. */
export function mebibytes(bytes: number | null, decimals = 0): string {
  return bytes === null ? '-' : fixed(bytes / 2 ** 20, decimals);
}
