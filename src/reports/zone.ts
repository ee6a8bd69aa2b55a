/** Turns what the clock on the wall shows into an instant. */
export interface Zone {
  /**
   * @param wallMs the date and time as if it were UTC, epoch milliseconds
   * @returns epoch milliseconds; of two hours that have the same name when summer time ends the
   *   first that is not before `notBefore`
   */
  toInstant(wallMs: number, notBefore?: number): number;
}

const HOUR_MS = 3_600_000;

/** A zone of a fixed distance from UTC, east is positive. */
export function fixedZone(offsetMs: number): Zone {
  return { toInstant: (wallMs) => wallMs - offsetMs };
}

/**
 * A zone of the time zone database.
 *
 * @throws RangeError if there is no such zone
 */
export function namedZone(name: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  // An offset changes at most once in a quarter of an hour, and asking for it costs microseconds.
  const offsets = new Map<number, number>();
  const offsetAt = (instant: number): number => {
    const quarter = Math.floor(instant / (HOUR_MS / 4));
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      if (offsets.size > 100_000) offsets.clear();
      const at = (quarter * HOUR_MS) / 4;
      offset = wallOf(format, at) - at;
      offsets.set(quarter, offset);
    }
    return offset;
  };
  return {
    toInstant(wallMs, notBefore = -Infinity) {
      // A date that the calendar does not have.
      if (Number.isNaN(wallMs)) return wallMs;
      const early = wallMs - offsetAt(wallMs - 12 * HOUR_MS);
      const late = wallMs - offsetAt(wallMs + 12 * HOUR_MS);
      if (early === late) return early;
      // Within a day of a change: those whose own offset gives them back are right.
      const right = [early, late].filter((at) => at + offsetAt(at) === wallMs).toSorted(ascending);
      const [first = Math.max(early, late), second = first] = right;
      return first >= notBefore ? first : second;
    },
  };
}

function ascending(a: number, b: number): number {
  return a - b;
}

function wallOf(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const [month, day] = [part('month') - 1, part('day')];
  return Date.UTC(part('year'), month, day, part('hour'), part('minute'), part('second'));
}
