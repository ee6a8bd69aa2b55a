/** RFC 5322 section 3.3, in UTC: a mail header names its own zone. */
export function formatMailDate(now: number): string {
  return new Date(now).toUTCString().replace('GMT', '+0000');
}
