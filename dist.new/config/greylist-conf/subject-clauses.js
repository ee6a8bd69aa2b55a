import { addressEntry, allEntries, escapePattern, IN_NAMES, IN_VALUES, isForAll, isPattern, literalPattern, nameEntry, patternEntry, valueEntry, } from './entries.js';
import { at } from './placed.js';
import { plainText, toTemplate } from './template.js';
import { anyOf, block, leftOut } from './test.js';
/** A pattern that is found in everything is how people write that they mean everybody. */
const always = { kind: 'constant', truth: true, why: 'it is found in everything' };
function isEverything(item) {
    return isPattern(item) && isForAll(item);
}
/** One alone stands for a list of one. */
function single(entries) {
    const [only, second] = entries;
    return only !== undefined && second === undefined ? only : entries;
}
function asBlock(entries, write) {
    const all = allEntries(entries);
    return all === undefined ? leftOut : block(write(single(all)));
}
/** Senders, or recipients: whole addresses in any letter case, and patterns with the brackets. */
export function askAddresses(kind, items, context) {
    if (items.some(isEverything))
        return always;
    const key = kind === 'rcpt' ? 'recipient' : 'sender';
    if (!items.some(isPattern)) {
        const plain = items.flatMap((item) => (isPattern(item) ? [] : [addressEntry(item)]));
        return block({ [key]: kind === 'rawfrom' ? { raw: single(plain) } : single(plain) });
    }
    const entries = items.map((item) => isPattern(item) ? patternEntry(item, IN_NAMES, context) : at(item.place, `<${item.text}>`));
    return asBlock(entries, (all) => ({
        [key]: { [kind === 'rawfrom' ? 'raw-bracketed' : 'bracketed']: all },
    }));
}
/**
 * Host names as the MTA has them: what they end with, or patterns. With `domainexact` a name and
 * those below it.
 */
export function askDomains(items, context) {
    if (items.some(isEverything))
        return always;
    const isExact = context.flags.has('domainexact');
    const texts = items.flatMap((item) => (isPattern(item) ? [] : [item]));
    const ends = texts.map(({ text, place }) => at(place, text));
    const whole = texts.flatMap(({ text, place }) => text.startsWith('.') ? [at(place, text)] : [at(place, text), at(place, `.${text}`)]);
    const patterns = allEntries(items.filter(isPattern).map((item) => patternEntry(item, IN_NAMES, context)));
    if (patterns === undefined)
        return leftOut;
    const names = [
        ...(texts.length === 0 ? [] : [isExact ? whole : { 'ends-with': single(ends) }]),
        ...(patterns.length === 0 ? [] : [{ matches: single(patterns) }]),
    ].map((value) => ({ 'client-name': value }));
    const [only, second] = names;
    return only !== undefined && second === undefined ? block(only) : { kind: 'any', blocks: names };
}
/** What the client calls itself. */
export function askHelo(items, context) {
    if (items.some((item) => item.kind === 'pattern' && isForAll(item)))
        return always;
    const names = [];
    const templates = [];
    for (const item of items) {
        const text = item.kind === 'pattern' ? undefined : plainText(item.format);
        if (item.kind === 'pattern')
            names.push(patternEntry(item, IN_NAMES, context));
        else if (text !== undefined) {
            names.push(nameEntry({ kind: 'text', text, place: item.place }));
        }
        else {
            templates.push({ helo: { template: at(item.place, toTemplate(item.format).text) } });
        }
    }
    const plain = asBlock(names, (all) => ({ helo: all }));
    if (templates.length === 0)
        return plain;
    const blocks = templates.map((template) => block(template));
    return anyOf(names.length === 0 ? blocks : [plain, ...blocks]);
}
/** As whom a client has authenticated, in its very letters. */
export function askLogins(items, context) {
    const entries = items.map((item) => {
        if (isPattern(item))
            return patternEntry(item, IN_VALUES, context);
        // An @ at the end would stand for any domain.
        if (item.text.endsWith('@'))
            return at(item.place, literalPattern(item.text));
        return valueEntry(item, ['any', 'none']);
    });
    return asBlock(entries, (all) => ({ login: all }));
}
/** The subject of a certificate that the MTA has verified. */
export function askSubjects(items, context) {
    const entries = items.map((item) => isPattern(item) ? patternEntry(item, IN_VALUES, context) : valueEntry(item));
    return asBlock(entries, (all) => ({ tls: { verified: true, subject: all } }));
}
/** Parts of lines of the header, in their very letters, or patterns in any. */
export function askHeaders(items, context) {
    return asBlock(contentEntries(items, context), (all) => ({ header: { any: all } }));
}
/** The same of the body. */
export function askBodies(items, context) {
    return asBlock(contentEntries(items, context), (all) => ({ body: all }));
}
function contentEntries(items, context) {
    return items.map((item) => {
        if (isPattern(item)) {
            return patternEntry(item, { subject: 'lines', tellsCase: true }, context);
        }
        const isPlain = item.text !== '' && !item.text.startsWith('/') && !item.text.startsWith('list:');
        return at(item.place, isPlain ? item.text : `/${escapePattern(item.text)}/`);
    });
}
//# sourceMappingURL=subject-clauses.js.map