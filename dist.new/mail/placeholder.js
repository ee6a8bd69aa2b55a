/**
 * Stands in normalised senders for what differs from mail to mail. Postgrey writes the same for its
 * digits. Addresses may contain it (RFC 5321 section 4.1.2), so what is shown can be typed and means
 * the same; that somebody has a mailbox `bounce-#` beside `bounce-17` need not be feared.
 */
export const PLACEHOLDER = '#';
//# sourceMappingURL=placeholder.js.map