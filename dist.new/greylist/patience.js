/**
 * The series with an attempt that is to be put off now. The first such attempt starts it, and so
 * does one that comes a whole retry window after the last return: what comes back so seldom is not
 * the same mail. Instants in the future, from a clock that has stepped back, count as now.
 */
export function continueSeries(series, { delayMs, retryWindowMs }, now) {
    if (series === undefined || now - series.lastReturnAt >= retryWindowMs) {
        return { firstAt: now, lastReturnAt: now, returns: 0 };
    }
    if (series.lastReturnAt > now) {
        return { firstAt: Math.min(series.firstAt, now), lastReturnAt: now, returns: series.returns };
    }
    if (now - series.lastReturnAt < delayMs)
        return series;
    return { firstAt: series.firstAt, lastReturnAt: now, returns: series.returns + 1 };
}
/** Whether the pair has come back often enough, over long enough, to pass from wherever it comes. */
export function isPatient(series, patience, now) {
    return (patience !== undefined &&
        series.returns >= patience.tries &&
        now - series.firstAt >= patience.overMs);
}
//# sourceMappingURL=patience.js.map