import { nearest } from '../nearest.js';
import { readDomain, readMailbox, readNetwork } from './addresses.js';
import { readCountry, readHelo, readSchedule } from './clause-reader.js';
import { StatementError } from './lexer.js';
import { readTextOrPattern } from './operands.js';
import { RESERVED_WORDS } from './words.js';
/** How the items of lists of texts, names and patterns are read. */
const patternItems = {
    from: readMailbox,
    rawfrom: readMailbox,
    rcpt: readMailbox,
    domain: readDomain,
    body: readItemText,
    header: readItemText,
    auth: readItemText,
    tls: readItemText,
    p0f: readItemText,
};
const nameItems = {
    dnsrbl: (reader) => readDefined(reader, 'dnsrbl'),
    urlcheck: (reader) => readDefined(reader, 'urlcheck'),
    sm_macro: (reader) => readDefined(reader, 'sm_macro'),
    geoip: readCountry,
    time: readSchedule,
};
const LIST_TYPES = [
    ...['addr', 'helo', ...Object.keys(patternItems), ...Object.keys(nameItems)],
];
/** Reads a list from behind its word. */
export function readList(reader) {
    const { lexer } = reader;
    const start = lexer.offset;
    const name = reader.string('its name');
    if (reader.lists.has(name)) {
        const hint = 'lists have names of their own: write both into one';
        lexer.fail(`defines the list "${name}" a second time`, hint, start);
    }
    const typeAt = lexer.offset;
    const type = readType(reader);
    if (type === 'time') {
        const problem = 'is of times, which milter-greylist means to have and cannot read';
        reader.note(problem, 'it is read here', typeAt);
    }
    const list = { kind: 'list', name, ...readTyped(reader, type) };
    reader.lists.set(name, type);
    return list;
}
function readTyped(reader, type) {
    if (type === 'addr')
        return { type, items: readItems(reader, readNetwork) };
    if (type === 'helo')
        return { type, items: readItems(reader, readHelo) };
    if (isPatternType(type))
        return { type, items: readItems(reader, patternItems[type]) };
    return { type, items: readItems(reader, nameItems[type]) };
}
function isPatternType(type) {
    return Object.hasOwn(patternItems, type);
}
function isListType(word) {
    return LIST_TYPES.includes(word);
}
function readType(reader) {
    const { lexer } = reader;
    const start = lexer.offset;
    const shown = lexer.shown();
    const word = reader.keyword() ?? '';
    if (isListType(word))
        return word;
    if (word === 'list') {
        const problem = 'is a list of lists, which milter-greylist reads and never matches';
        lexer.fail(problem, 'write the items of both into one list', start);
    }
    const similar = nearest(word, LIST_TYPES);
    const hint = `write ${similar ?? `one of ${LIST_TYPES.join(', ')}`}`;
    return lexer.fail(`has ${shown} for what is in it`, hint, start);
}
/** Reads `{ … }`. A wrong item is told, and the others are read. */
function readItems(reader, readItem) {
    const { lexer } = reader;
    const start = lexer.offset;
    if (!lexer.takeSign('{'))
        lexer.fail(`has ${lexer.shown()} before its items`, 'write {');
    const items = [];
    let isTold = false;
    let count = 0;
    while (!lexer.takeSign('}')) {
        if (lexer.isAtLineEnd) {
            isTold = goBelow(reader, start, isTold);
            continue;
        }
        count += 1;
        const item = tryItem(reader, readItem);
        if (item !== undefined)
            items.push(item);
    }
    if (count === 0)
        lexer.fail('has no items', 'remove it, or write some', start);
    return items;
}
function tryItem(reader, readItem) {
    const start = reader.lexer.offset;
    try {
        return readItem(reader);
    }
    catch (error) {
        if (!(error instanceof StatementError))
            throw error;
        reader.problems.push(error.remark);
        reader.lexer.rewind(start);
        reader.lexer.skipItem();
        return undefined;
    }
}
/**
 * Goes on with a list on a line below, where milter-greylist wants a backslash; not if a statement
 * begins there, or nothing comes any more.
 */
function goBelow(reader, start, isTold) {
    const { lexer } = reader;
    const next = lexer.wordBelow();
    if (next === undefined || RESERVED_WORDS.has(next)) {
        lexer.fail('has no end', 'write } behind its last item', start);
    }
    if (!isTold) {
        const problem = 'goes over lines without a backslash, which milter-greylist refuses';
        reader.note(problem, 'it ends at its } here');
    }
    while (lexer.isAtLineEnd && !lexer.isAtEnd)
        lexer.endLine();
    return true;
}
function readItemText(reader) {
    return readTextOrPattern(reader, 'an item');
}
function readDefined(reader, kind) {
    const place = reader.lexer.place();
    return { kind: 'text', text: reader.definedName(kind), place };
}
//# sourceMappingURL=list-reader.js.map