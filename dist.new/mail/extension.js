import { quoteLocalPart, unquoteLocalPart } from './local-part.js';
/** What Postfix never takes apart at a dash, since it is no user's name with an extension. */
const NAMES_WITH_DASH = /^owner-|-request$|^(?:mailer-daemon|double-bounce)$/i;
/**
 * The mailbox without its extension: with `+` as delimiter `user+extension` is `user`, also in quotes;
 * a name that begins with a delimiter is a name. Of several delimiters the first that occurs counts,
 * as in Postfix's `recipient_delimiter`.
 *
 * @param delimiters characters that begin an extension; none if extensions belong to the mailbox
 */
export function withoutExtension(localPart, delimiters) {
    if (delimiters === '')
        return localPart;
    const mailbox = unquoteLocalPart(localPart);
    const at = firstOf(delimiters, mailbox);
    if (at === -1 || (mailbox.charAt(at) === '-' && NAMES_WITH_DASH.test(mailbox)))
        return localPart;
    return quoteLocalPart(mailbox.slice(0, at));
}
function firstOf(delimiters, mailbox) {
    for (let i = 0; i < mailbox.length; i++) {
        if (delimiters.includes(mailbox.charAt(i)))
            return i === 0 ? -1 : i;
    }
    return -1;
}
//# sourceMappingURL=extension.js.map