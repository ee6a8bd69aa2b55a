import { nearest } from '../nearest.js';
import { readDomain, readMailbox, readNetwork } from './addresses.js';
import { readDefinition } from './definition-reader.js';
import { StatementError } from './lexer.js';
import { readList } from './list-reader.js';
import { Reader } from './reader.js';
import { readRule } from './rule-reader.js';
import { settings } from './setting-reader.js';
const RULES = ['racl', 'dacl', 'acl'];
const DEFINITIONS = [
    ...['dnsrbl', 'sm_macro', 'urlcheck', 'ldapcheck', 'ratelimit', 'tsig', 'nsupdate'],
];
const HISTORIC = ['addr', 'domain', 'from', 'rawfrom', 'rcpt'];
const statements = new Map([
    ...settings,
    ...DEFINITIONS.map((word) => [word, (reader) => readDefinition(reader, word)]),
    ...RULES.map((word) => [word, (reader) => readRule(reader, word)]),
    ...HISTORIC.map((word) => [word, (reader) => readHistoric(reader, word)]),
    ['list', readList],
]);
/**
 * Reads a greylist.conf of milter-greylist 4.6 or before. Whatever the text is, this returns: behind a
 * mistake it goes on with the next statement, in time that grows with the text and no faster.
 */
export function parseGreylistConf(text) {
    const lines = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
    const reader = new Reader(lines);
    if (text.includes('\r\n')) {
        const problem = 'has lines that end as on Windows, which milter-greylist refuses';
        reader.note(problem, undefined, lines.indexOf('\n'));
    }
    const { lexer } = reader;
    const found = [];
    while (!lexer.isAtEnd) {
        const statement = lexer.isAtLineEnd ? undefined : readStatement(reader);
        if (statement !== undefined)
            found.push(statement);
        lexer.endLine();
    }
    for (const place of lexer.dropped) {
        const problem = 'has text behind a backslash, which is dropped as in milter-greylist';
        reader.notes.push({ place, problem, hint: 'end the line with the backslash' });
    }
    if (/[^\s]$/.test(lines)) {
        const problem = 'ends without a newline, which milter-greylist refuses';
        reader.note(problem, undefined, lines.length);
    }
    return {
        statements: found,
        comments: lexer.comments,
        problems: inOrder(reader.problems),
        notes: inOrder(reader.notes),
    };
}
function inOrder(remarks) {
    return [...remarks].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}
/** Up to the end of its line; undefined if it is wrong. */
function readStatement(reader) {
    const { lexer } = reader;
    try {
        const place = lexer.place();
        const body = readBody(reader);
        if (!lexer.isAtLineEnd) {
            lexer.fail(`has ${lexer.shown()} behind it`, 'a statement ends with its line');
        }
        return { ...body, place, lastLine: lexer.place().line };
    }
    catch (error) {
        if (!(error instanceof StatementError))
            throw error;
        reader.problems.push(error.remark);
        lexer.skipLine();
        return undefined;
    }
}
function readBody(reader) {
    const { lexer } = reader;
    const start = lexer.offset;
    const shown = lexer.shown();
    const word = reader.keyword();
    const read = statements.get(word ?? '');
    if (read !== undefined)
        return read(reader);
    if (word === undefined) {
        return lexer.fail(`has ${shown} where a statement begins`, 'remove it, or write # before it');
    }
    const similar = nearest(word, statements.keys());
    const hint = similar === undefined ? 'remove it, or write # before it' : `write ${similar}`;
    return lexer.fail(`has ${shown}, which is no statement of milter-greylist`, hint, start);
}
/** `addr 192.0.2.1` and so on: a rule of one condition that lets pass, before all others. */
function readHistoric(reader, keyword) {
    const place = reader.lexer.place();
    const clauses = [{ ...readHistoricTest(reader, keyword), isNegated: false, place }];
    const action = 'whitelist';
    return { kind: 'rule', keyword, stage: 'rcpt', id: undefined, action, clauses, values: [] };
}
function readHistoricTest(reader, keyword) {
    switch (keyword) {
        case 'addr':
            return { kind: keyword, network: readNetwork(reader) };
        case 'domain':
            return { kind: keyword, operand: readDomain(reader) };
        case 'from':
        case 'rawfrom':
        case 'rcpt':
            return { kind: keyword, operand: readMailbox(reader) };
    }
}
//# sourceMappingURL=parser.js.map