const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: `3 min 20 s`. */
export function formatDuration(seconds: number): string {
  const units = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [1, 's'],
  ] as const;
  const whole = Math.max(0, Math.round(seconds));
  const first = units.findIndex(([length]) => whole >= length);
  if (first === -1) return '0 s';
  let rest = whole;
  const parts: string[] = [];
  for (const [length, unit] of units.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** A count with its thousands apart. */
export function formatCount(count: number): string {
  return count.toLocaleString('en').replaceAll(',', '\u202f');
}

/** A share in per cent; a dash of nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = Math.min(100, (100 * part) / whole);
  return `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** A number of bytes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? size.toFixed(0) : size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A time of RFC 3339 as this reader's clock shows it. */
export function formatTime(text: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return text;
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** A sender as SMTP writes it; the null sender is `<>`. */
export function formatAddress(address: string): string {
  return address === '' ? '<>' : address;
}
