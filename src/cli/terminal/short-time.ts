/** Seconds as people say them: `45s`, `4m 10s`, `3h 5m`, `2d 4h`. */
export function shortTime(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  if (whole < 3600) return two(whole, 60, 'm', 's');
  if (whole < 86_400) return two(Math.round(whole / 60), 60, 'h', 'm');
  return two(Math.round(whole / 3600), 24, 'd', 'h');
}

function two(units: number, size: number, big: string, small: string): string {
  const rest = units % size;
  return `${Math.floor(units / size)}${big}${rest === 0 ? '' : ` ${rest}${small}`}`;
}

/** A share of all: `12 %`, `0.4 %`; `-` of nothing. */
export function percent(part: number, all: number): string {
  if (all === 0) return '-';
  const value = (part / all) * 100;
  const isRound = value === 0 || value >= 10;
  return `${isRound ? Math.round(value) : value.toFixed(1)} %`;
}
