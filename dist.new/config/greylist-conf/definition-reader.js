import { readBits, readIp, readZone } from './addresses.js';
import { readFormat, readNumber, readPattern, readSecondsWithUnit, readText } from './operands.js';
/** How what stands behind the name of each definition is read. */
const definitions = {
    dnsrbl: readDnsList,
    sm_macro: (reader, name) => {
        const macro = reader.string('the macro');
        return { kind: 'sm_macro', name, macro, test: readMacroTest(reader) };
    },
    urlcheck: readUrlCheck,
    ldapcheck: readLdapCheck,
    ratelimit: readRateLimit,
    tsig: (reader, name) => {
        const algorithm = reader.string('the algorithm');
        return { kind: 'tsig', name, algorithm, secret: reader.string('the key') };
    },
    nsupdate: readDnsUpdate,
};
/** Reads a definition from its name on, which may be referred to below. */
export function readDefinition(reader, kind) {
    const start = reader.lexer.offset;
    const name = reader.string('its name');
    const definition = definitions[kind](reader, name);
    reader.define(kind, name, start);
    return definition;
}
function readDnsList(reader, name) {
    const zone = readZone(reader);
    const address = readIp(reader, 'the address it answers with');
    const bits = reader.lexer.isAtLineEnd ? 32 : readBits(reader, 32);
    return { kind: 'dnsrbl', name, zone, address, bits };
}
function readMacroTest(reader) {
    const pattern = readPattern(reader);
    if (pattern !== undefined)
        return pattern;
    if (reader.takeWord('unset'))
        return { kind: 'unset' };
    return readText(reader, 'its value');
}
function readUrlCheck(reader, name) {
    const url = readFormat(reader, 'the URL');
    const connections = readNumber(reader, 'how many connections');
    const words = readWords(reader, [
        ...['postmsg', 'getprop', 'clear', 'noencode', 'fork', 'domatch'],
    ]);
    const clearAt = words.get('clear');
    if (clearAt !== undefined && !words.has('getprop')) {
        const problem = 'has clear without getprop, of which it is a part';
        reader.lexer.fail(problem, 'write getprop clear', clearAt);
    }
    const matchAt = words.get('domatch');
    if (matchAt !== undefined) {
        const problem = 'has domatch, which milter-greylist documents and refuses';
        reader.note(problem, 'it matches if the answer says something: remove the word', matchAt);
    }
    return {
        kind: 'urlcheck',
        name,
        url,
        connections,
        postsMessage: words.has('postmsg'),
        properties: !words.has('getprop') ? 'none' : clearAt === undefined ? 'session' : 'recipient',
        isEncoded: !words.has('noencode'),
    };
}
function readLdapCheck(reader, name) {
    const url = readFormat(reader, 'the URL');
    const words = readWords(reader, ['clear', 'domatch', 'noescape']);
    return {
        kind: 'ldapcheck',
        name,
        url,
        properties: words.has('clear') ? 'recipient' : 'session',
        isMatch: words.has('domatch'),
        isEscaped: !words.has('noescape'),
    };
}
/** The words that stand here, in any order, with where they stand. */
function readWords(reader, words) {
    const found = new Map();
    while (!reader.lexer.isAtLineEnd) {
        const at = reader.lexer.offset;
        found.set(reader.oneOf(words, 'an option'), at);
    }
    return found;
}
function readRateLimit(reader, name) {
    const { lexer } = reader;
    const counts = reader.oneOf(['rcpt', 'session', 'data'], 'what it counts');
    const limit = readNumber(reader, 'the limit');
    const start = lexer.offset;
    const isSpaced = lexer.take(/\/[ \t\\]/y) !== undefined;
    if (!isSpaced && !lexer.takeSign('/')) {
        lexer.fail(`has ${lexer.shown()} behind the limit`, 'write / and a time: 10 / 1m');
    }
    if (!isSpaced || !lexer.isBlankBefore(start)) {
        const problem = 'has no blanks around the /, without which milter-greylist refuses it';
        reader.note(problem, undefined, start);
    }
    const periodSeconds = readSecondsWithUnit(reader, 'the time');
    const key = reader.takeWord('key') ? readFormat(reader, 'the key') : undefined;
    return { kind: 'ratelimit', name, counts, limit, periodSeconds, key };
}
function readDnsUpdate(reader, name) {
    const { lexer } = reader;
    const start = lexer.offset;
    if (!lexer.takeSign('{'))
        lexer.fail(`has ${lexer.shown()} before its parts`, 'write {');
    const texts = new Map();
    while (!lexer.takeSign('}')) {
        if (lexer.isAtLineEnd)
            lexer.fail('has no end', 'write } behind its last part', start);
        readUpdatePart(reader, texts);
    }
    const record = texts.get('rname');
    const value = texts.get('rvalue');
    if (record !== undefined && value !== undefined)
        return { kind: 'nsupdate', name, record, value };
    return lexer.fail('has not both parts', 'write rname "…" and rvalue "…"', start);
}
const UPDATE_PARTS = ['rname', 'rvalue', 'servers', 'ttl', 'class', 'type', 'tsig'];
function readUpdatePart(reader, texts) {
    const part = reader.oneOf(UPDATE_PARTS, 'a part');
    switch (part) {
        case 'rname':
        case 'rvalue':
            texts.set(part, readFormat(reader, 'the text'));
            break;
        case 'servers':
            reader.string('the servers');
            break;
        case 'tsig':
            reader.definedName('tsig');
            break;
        case 'ttl':
            readSecondsWithUnit(reader, 'the time');
            break;
        case 'class':
        case 'type':
            readNumber(reader, `the ${part}`);
            break;
    }
}
//# sourceMappingURL=definition-reader.js.map