import { senderParts } from '../mail/sender-spelling.js';
/** Reads a kind of what is taken out of senders: `batv`. */
export function parseSenderPart(text) {
    const known = senderParts.find((part) => part === text);
    if (known !== undefined)
        return { ok: known };
    const names = senderParts.join(', ');
    return { problem: 'is nothing that is taken out', hint: `there are ${names}; [] for none` };
}
/** Writes what {@link parseSenderPart} reads. */
export function formatSenderPart(part) {
    return part;
}
/** Reads the characters that begin an extension, such as `+` or `+-`. */
export function parseDelimiters(text) {
    const hint = "write '+', or several characters as in Postfix's recipient_delimiter: '+-'";
    if (text === '')
        return { problem: 'has no character', hint };
    // What may stand in an address without quotes (RFC 5321 section 4.1.2), less letters and digits.
    if (/^[-!#$%&'*+./=?^_`{|}~]{1,8}$/.test(text))
        return { ok: text };
    return { problem: 'has characters that begin no extension', hint };
}
/** What counts as one sender, and as one recipient, for the triplets and for rules. */
export function addressForms({ sender, recipient, }) {
    const isStripped = (part) => sender.strip.includes(part);
    return {
        sender: sender.form === 'postgrey'
            ? { form: 'postgrey' }
            : sender.form === 'milter-greylist'
                ? { form: 'milter-greylist', of: 'sender' }
                : {
                    form: 'sender',
                    foldCase: sender['fold-case'],
                    strip: {
                        batv: isStripped('batv'),
                        srs: isStripped('srs'),
                        verp: isStripped('verp'),
                        tokens: isStripped('tokens'),
                    },
                },
        recipient: recipient.form === 'milter-greylist'
            ? { form: 'milter-greylist', of: 'recipient' }
            : {
                form: 'recipient',
                foldCase: recipient['fold-case'],
                delimiters: recipient['keep-extension'] ? '' : recipient.delimiters,
            },
    };
}
//# sourceMappingURL=address-forms.js.map