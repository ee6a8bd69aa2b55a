/** The value below which the given part (0 to 1) of the sorted values lies. */
export function percentile(sorted: ArrayLike<number>, part: number): number {
  const at = Math.min(sorted.length - 1, Math.floor(part * sorted.length));
  return sorted[at] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((one, other) => one - other),
    0.5,
  );
}
