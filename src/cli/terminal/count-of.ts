/** A number with the thing that it counts: "1 record", "2 records"; @param things if it is more than an `s` */
export function countOf(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}
