/** A number with the thing that it counts: "1 record", "2 records". */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
