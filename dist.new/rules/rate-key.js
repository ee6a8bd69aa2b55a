import { parseGeneralPlaceholder, renderGeneral } from '../greylist/general-placeholder.js';
import { networkOf } from '../mail/network.js';
import { latestStage } from './latest-stage.js';
/** When MTAs tell each field. */
const FIELDS = {
    client: 'connect',
    network: 'connect',
    name: 'connect',
    helo: 'helo',
    login: 'mail',
    sender: 'mail',
    'sender-domain': 'mail',
    recipient: 'rcpt',
    'recipient-domain': 'rcpt',
};
const KNOWN = Object.keys(FIELDS).join(', ');
function isField(name) {
    return Object.hasOwn(FIELDS, name);
}
/** Reads a field alone, `client`, or a template, `{client} {sender}`. */
export function parseRateKey(text) {
    if (isField(text))
        return { ok: { text, fields: [text], literals: ['', ''] } };
    const parts = text.split(/\{([^{}]*)\}/);
    const names = parts.filter((_, index) => index % 2 === 1);
    const literals = parts.filter((_, index) => index % 2 === 0);
    const fields = [];
    for (const name of names) {
        const field = parseField(name);
        if ('problem' in field)
            return field;
        fields.push(field.ok);
    }
    if (names.length === 0 || literals.some((literal) => /[{}]/.test(literal))) {
        const hint = `write one of ${KNOWN}, or several as in '{client} {sender}'`;
        return { problem: 'names no field', hint };
    }
    return { ok: { text, fields, literals } };
}
function parseField(name) {
    if (isField(name))
        return { ok: name };
    const hint = `there are ${KNOWN}, and the placeholders of any text`;
    return parseGeneralPlaceholder(name) ?? { problem: `has an unknown field {${name}}`, hint };
}
/** Writes what {@link parseRateKey} reads. */
export function formatRateKey(key) {
    return key.text;
}
/** The first stage at which all fields are known. */
export function stageOfRateKey({ fields }) {
    return latestStage(fields.map(stageOfField));
}
function stageOfField(field) {
    if (typeof field === 'string')
        return FIELDS[field];
    const { name } = field;
    if (/^(?:client|mta|time$|utc|version|date)/.test(name))
        return 'connect';
    return /^(?:sender|triplet)/.test(name) ? 'mail' : 'rcpt';
}
/** The key by which it is counted, in which no value can pass for two, and the text for people. */
export function renderRateKey({ fields, literals }, texts) {
    const values = fields.map((field) => typeof field === 'string' ? valueOf(field, texts.attempt) : renderGeneral(field, texts));
    const text = literals.map((literal, index) => literal + (values[index] ?? '')).join('');
    return { key: values.join('\0'), text };
}
/** What counts as one network, as for the triplets unless told otherwise. */
const NETWORK_BITS = { 4: 24, 6: 64 };
function valueOf(field, attempt) {
    const { clientAddress, sender, recipient } = attempt;
    switch (field) {
        case 'client':
            return clientAddress?.text ?? 'no address';
        case 'network':
            return clientAddress === undefined
                ? 'no address'
                : networkOf(clientAddress, NETWORK_BITS[clientAddress.family]).text;
        case 'name':
            return attempt.clientName ?? 'no name';
        case 'helo':
            return attempt.helo?.toLowerCase() ?? 'no HELO';
        case 'login':
            return attempt.login ?? 'no login';
        case 'sender':
            return addressText(sender);
        case 'sender-domain':
            return sender.domain === '' ? '<>' : sender.domain;
        case 'recipient':
            return addressText(recipient);
        case 'recipient-domain':
            return recipient.domain;
    }
}
function addressText({ localPart, domain }) {
    if (domain === '')
        return localPart === '' ? '<>' : localPart.toLowerCase();
    return `${localPart.toLowerCase()}@${domain}`;
}
//# sourceMappingURL=rate-key.js.map