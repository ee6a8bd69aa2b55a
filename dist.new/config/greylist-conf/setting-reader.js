import { readBits, readHost, readIp } from './addresses.js';
import { readEscapedFormat, readNumber, readSeconds } from './operands.js';
import { readTarpitScope } from './value-reader.js';
const FLAGS = [
    ...['lazyaw', 'quiet', 'verbose', 'nodetach', 'noauth', 'nospf', 'noaccessdb'],
    ...['multiracl', 'testmode', 'delayedreject', 'extendedregex', 'domainexact'],
    ...['unbracket', 'dump_no_time_translation', 'logexpired', 'fixldapcheck', 'nodrac'],
];
const FACILITIES = [
    ...['none', 'kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp'],
    ...['cron', 'authpriv', 'ftp', 'local0', 'local1', 'local2', 'local3', 'local4'],
    ...['local5', 'local6', 'local7'],
];
const REPORTS = ['none', 'delays', 'nodelays', 'all'];
/** How what stands behind the word of each setting is read. */
export const settings = new Map([
    ...FLAGS.map((flag) => [flag, (reader) => readFlag(reader, flag)]),
    ...['greylist', 'autowhite', 'timeout', 'dumpfreq', 'tarpit'].map((kind) => [kind, (reader) => ({ kind, seconds: readSeconds(reader, 'the time') })]),
    ['subnetmatch', (reader) => ({ kind: 'subnetmatch', bits: readBits(reader, 32) })],
    ['subnetmatch6', (reader) => ({ kind: 'subnetmatch6', bits: readBits(reader, 128) })],
    ['report', (reader) => ({ kind: 'report', which: reader.oneOf(REPORTS, 'what to report') })],
    ['dumpfile', readDumpFile],
    ['logfac', (reader) => ({ kind: 'logfac', facility: reader.oneOf(FACILITIES, 'a facility') })],
    ['socket', readSocket],
    ...['pidfile', 'p0fsock', 'geoipdb', 'geoipv6db', 'geoip2db'].map((kind) => [kind, (reader) => ({ kind, path: reader.string('the path') })]),
    ['drac', readDrac],
    ['user', readUser],
    ['peer', readPeer],
    ...['syncaddr', 'syncsrcaddr'].map((kind) => [kind, (reader) => ({ kind, ...readListener(reader) })]),
    ...['syncmaxqlen', 'maxpeek'].map((kind) => [kind, (reader) => ({ kind, value: readNumber(reader, 'the number') })]),
    ['localaddr', (reader) => ({ kind: 'localaddr', address: readIp(reader, 'an address') })],
    ['stat', readStat],
    ['spamdsock', readSpamdSocket],
    ['tarpit_scope', (reader) => ({ kind: 'tarpit_scope', scope: readTarpitScope(reader) })],
    ['ldapconf', readLdapServers],
]);
function readFlag(reader, flag) {
    if (flag === 'extendedregex')
        reader.dialect = 'extended';
    return { kind: 'flag', flag };
}
function readDumpFile(reader) {
    const path = reader.string('the path');
    return { kind: 'dumpfile', path, mode: readMode(reader, /^0*[0-7]{1,4}$/, '600, 640 or 644') };
}
/** milter-greylist takes three modes for its socket, and refuses all others. */
function readSocket(reader) {
    const spec = reader.string('the socket');
    return { kind: 'socket', spec, mode: readMode(reader, /^0*(?:666|660|600)$/, '600, 660 or 666') };
}
function readMode(reader, form, forms) {
    const { lexer } = reader;
    if (lexer.isAtLineEnd)
        return undefined;
    const start = lexer.offset;
    const shown = lexer.shown();
    const digits = lexer.take(/[0-9]+(?![A-Za-z0-9_.])/y) ?? '';
    if (form.test(digits))
        return parseInt(digits, 8);
    return lexer.fail(`has ${shown} for a mode`, `write ${forms}`, start);
}
function readDrac(reader) {
    reader.oneOf(['db'], 'what it is');
    return { kind: 'drac', path: reader.string('the path') };
}
function readUser(reader) {
    const written = reader.string('the user');
    const colonAt = written.indexOf(':');
    return colonAt < 0
        ? { kind: 'user', user: written, group: undefined }
        : { kind: 'user', user: written.slice(0, colonAt), group: written.slice(colonAt + 1) };
}
function readPeer(reader) {
    const host = readHost(reader);
    const timeoutSeconds = reader.takeWord('timeout')
        ? readSeconds(reader, 'the timeout')
        : undefined;
    return { kind: 'peer', host, timeoutSeconds };
}
function readListener(reader) {
    const address = reader.lexer.takeSign('*') ? undefined : readIp(reader, 'an address');
    const port = reader.takeWord('port') ? readNumber(reader, 'a port') : undefined;
    return { address, port };
}
function readStat(reader) {
    const start = reader.lexer.offset;
    const output = reader.string('where to');
    if (!/^(?:>>?|\|)/.test(output)) {
        const hint = 'write ">>/path", ">/path" or "|command"';
        reader.note('goes nowhere, and has no effect', hint, start);
    }
    return { kind: 'stat', output, format: readEscapedFormat(reader, 'the text') };
}
function readSpamdSocket(reader) {
    const family = reader.oneOf(['unix', 'inet'], 'a kind of socket');
    return { kind: 'spamdsock', family, address: reader.string('the address') };
}
function readLdapServers(reader) {
    const servers = reader
        .string('the servers')
        .split(/[ \t]+/)
        .filter((uri) => uri !== '');
    const timeoutSeconds = reader.takeWord('timeout')
        ? readSeconds(reader, 'the timeout')
        : undefined;
    if (!reader.takeWord('binddn'))
        return { kind: 'ldapconf', servers, timeoutSeconds, bind: undefined };
    const dn = reader.string('the name to bind with');
    reader.oneOf(['bindpw'], 'the word before the password');
    const password = reader.string('the password');
    return { kind: 'ldapconf', servers, timeoutSeconds, bind: { dn, password } };
}
//# sourceMappingURL=setting-reader.js.map