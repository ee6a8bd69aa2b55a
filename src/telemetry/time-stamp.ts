/**
 * Makes a function that writes instants (epoch milliseconds) as RFC 3339 in UTC with milliseconds.
 * It remembers the last second, because log lines come many to a second and a whole conversion
 * costs as much as the rest of a line's head.
 */
export function createTimeStamp(): (at: number) => string {
  let lastAt = Number.NaN;
  let lastText = '';
  let second = Number.NaN;
  let head = '';
  return (at) => {
    if (at === lastAt) return lastText;
    const thisSecond = Math.floor(at / 1000);
    if (thisSecond !== second) {
      // Up to and with the dot: `2026-11-21T04:55:00.`
      head = new Date(thisSecond * 1000).toISOString().slice(0, -4);
      second = thisSecond;
    }
    // Three digits without padStart: the leading 1 is cut off.
    const millis = String(1000 + Math.floor(at - thisSecond * 1000)).slice(1);
    lastAt = at;
    lastText = `${head}${millis}Z`;
    return lastText;
  };
}
