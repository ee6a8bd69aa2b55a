/** `HH:MM:SS`, rounded down, with as many digits of hours as are needed. */
export function formatClock(ms) {
    const seconds = Math.floor(ms / 1000);
    const parts = [seconds / 3600, (seconds / 60) % 60, seconds % 60];
    return parts.map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
}
//# sourceMappingURL=format-clock.js.map