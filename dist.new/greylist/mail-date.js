/** RFC 5322 section 3.3, in UTC: a mail header names its own zone. */
export function formatMailDate(now) {
    return new Date(now).toUTCString().replace('GMT', '+0000');
}
//# sourceMappingURL=mail-date.js.map