const MAX_SECONDS = 0xffff_ffff;

/** A whole second, rounded up; before 1970 it is 1970, after February 2106 it is that. */
export function wholeSecond(instant: number): number {
  return Math.min(Math.max(Math.ceil(instant / 1000), 0), MAX_SECONDS) * 1000;
}
