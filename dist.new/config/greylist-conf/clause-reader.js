import { readBits, readDomain, readMailbox, readNetwork } from './addresses.js';
import { needComparison, readComparison, readFormatValue, readNumber, readPattern, readProperty, readPropertyName, readSecondsWithUnit, readText, readTextOrPattern, } from './operands.js';
import { checkSchedule } from './time-schedule.js';
const SPF_RESULTS = [
    ...['pass', 'fail', 'softfail', 'neutral', 'unknown', 'error', 'none', 'self'],
];
const DKIM_RESULTS = ['pass', 'fail', 'unknown', 'error', 'none'];
/** How what stands behind the word of each clause is read. */
const clauses = new Map([
    ['addr', (reader) => ({ kind: 'addr', network: readNetwork(reader) })],
    ['domain', (reader) => ({ kind: 'domain', operand: readDomain(reader) })],
    ...['from', 'rawfrom', 'rcpt'].map((kind) => [kind, (reader) => ({ kind, operand: readMailbox(reader) })]),
    ...['rcptcount', 'msgsize'].map((kind) => [kind, (reader) => ({ kind, comparison: needComparison(reader) })]),
    ['helo', (reader) => ({ kind: 'helo', operand: readHelo(reader) })],
    ...['auth', 'tls', 'p0f'].map((kind) => [kind, (reader) => ({ kind, operand: readTextOrPattern(reader, 'a text') })]),
    ['spf', readSpf],
    ['dkim', readDkim],
    ['mx', (reader) => ({ kind: 'mx', bits: readBits(reader, 128) })],
    ['geoip', (reader) => ({ kind: 'geoip', country: readCountry(reader).text })],
    ['time', (reader) => ({ kind: 'time', schedule: readSchedule(reader).text })],
    ...['dnsrbl', 'sm_macro', 'ratelimit', 'urlcheck', 'ldapcheck', 'nsupdate'].map((kind) => [kind, (reader) => ({ kind, name: reader.definedName(kind) })]),
    ['list', readListClause],
    ...['header', 'body'].map((kind) => [kind, (reader) => ({ kind, operand: readContent(reader) })]),
    ['spamd', (reader) => ({ kind: 'spamd', comparison: readComparison(reader) })],
    ['tarpit', readTarpit],
    ...['set', 'rset'].map((kind) => [kind, (reader) => readSet(reader, kind)]),
    ['log', (reader) => ({ kind: 'log', text: readFormatValue(reader, 'the text') })],
]);
export const CLAUSE_WORDS = [...clauses.keys()];
/** Reads a clause from its word on; undefined if the word is none of them, or a sign comes. */
export function readClause(reader) {
    const { lexer } = reader;
    if (lexer.takeSign('*'))
        return readGlob(reader);
    const property = readProperty(reader);
    if (property !== undefined)
        return readPropertyTest(reader, property);
    const start = lexer.offset;
    const word = reader.keyword() ?? '';
    const read = clauses.get(word);
    if (read === undefined) {
        lexer.rewind(start);
        return undefined;
    }
    // An address may begin with a brace too.
    if (lexer.sees(/\{(?![^\s{}]*\}[^\s{}]*@)/y)) {
        const problem = `has a list inside: milter-greylist ignores it, and the rule is for all mail`;
        lexer.fail(problem, `write list "name" ${word} { … } above, and list "name" here`, start);
    }
    return read(reader);
}
/** A HELO name: a text in which values may stand, or a pattern. */
export function readHelo(reader) {
    return readPattern(reader) ?? readFormatValue(reader, 'the name');
}
/** A country's code; in lower case it never matches. */
export function readCountry(reader) {
    const start = reader.lexer.offset;
    if (reader.lexer.sees(/\//y)) {
        reader.lexer.fail('has a pattern for a country', 'write each by its code: "FR"');
    }
    const value = readText(reader, 'a country');
    if (!/^[A-Z]{2}$/.test(value.text)) {
        reader.note('has a country that is no code in upper case', 'write "FR"', start);
    }
    return value;
}
/** A schedule as of cron. */
export function readSchedule(reader) {
    const start = reader.lexer.offset;
    const value = readText(reader, 'a time');
    const fault = checkSchedule(value.text);
    if (fault?.isFatal === true)
        reader.lexer.fail(fault.problem, fault.hint, start);
    if (fault !== undefined)
        reader.note(fault.problem, fault.hint, start);
    return value;
}
function readSpf(reader) {
    const { lexer } = reader;
    const start = lexer.offset;
    const word = reader.keyword();
    const result = SPF_RESULTS.find((known) => known === word);
    if (result !== undefined)
        return { kind: 'spf', result };
    lexer.rewind(start);
    if (word?.endsWith('error') === true) {
        lexer.fail(`has "${word}" for a result of SPF`, 'write error, which is both of them', start);
    }
    if (lexer.sees(/[A-Za-z0-9_]+[ \t]*"/y)) {
        const problem = 'has a quoted text on the line of an spf without a result';
        reader.note(problem, 'milter-greylist refuses that: write spf pass', start);
    }
    return { kind: 'spf', result: 'pass' };
}
function readDkim(reader) {
    if (reader.lexer.sees(/(?:neutral|softfail|self)\b/iy)) {
        const hint = `DKIM has none but ${DKIM_RESULTS.join(', ')}`;
        reader.lexer.fail(`has ${reader.lexer.shown()} for a result of DKIM`, hint);
    }
    return { kind: 'dkim', result: reader.oneOf(DKIM_RESULTS, 'a result of DKIM') };
}
function readListClause(reader) {
    const { lexer } = reader;
    const start = lexer.offset;
    const name = reader.string('the name of a list');
    const type = reader.lists.get(name);
    if (type !== undefined)
        return { kind: 'list', name, type };
    const hint = 'lists stand above the rules that name them, spelled alike';
    return lexer.fail(`names the list "${name}", which is not defined above`, hint, start);
}
function readContent(reader) {
    return readProperty(reader) ?? readTextOrPattern(reader, 'a text');
}
function readTarpit(reader) {
    return { kind: 'tarpit', seconds: readSecondsWithUnit(reader, 'the time') };
}
function readSet(reader, kind) {
    const property = readPropertyName(reader);
    const written = reader.lexer.take(/[+-]?=(?!=)/y);
    const operator = ['=', '+=', '-='].find((known) => known === written);
    if (operator === undefined) {
        return reader.lexer.fail(`has ${reader.lexer.shown()} behind $${property}`, 'write =, += or -=');
    }
    const other = readProperty(reader);
    if (other !== undefined)
        return { kind, property, operator, operand: other };
    const operand = reader.lexer.sees(/"/y)
        ? readFormatValue(reader, 'the value')
        : { kind: 'number', value: readNumber(reader, 'the value') };
    return { kind, property, operator, operand };
}
function readPropertyTest(reader, { name }) {
    const operand = readComparison(reader) ?? readTextOrPattern(reader, 'what it is compared with');
    return { kind: 'property', property: name, operand };
}
function readGlob(reader) {
    const property = readPropertyName(reader);
    return { kind: 'property-glob', property, subject: readFormatValue(reader, 'the text') };
}
//# sourceMappingURL=clause-reader.js.map