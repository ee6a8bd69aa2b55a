import { readBits, readHost, readIp } from './addresses.js';
import { readEscapedFormat, readNumber, readSeconds } from './operands.js';
import type { Reader } from './reader.js';
import type { Flag, Setting } from './syntax.js';
import { readTarpitScope } from './value-reader.js';

const FLAGS: readonly Flag[] = [
  ...(['lazyaw', 'quiet', 'verbose', 'nodetach', 'noauth', 'nospf', 'noaccessdb'] as const),
  ...(['multiracl', 'testmode', 'delayedreject', 'extendedregex', 'domainexact'] as const),
  ...(['unbracket', 'dump_no_time_translation', 'logexpired', 'fixldapcheck', 'nodrac'] as const),
];

const FACILITIES = [
  ...(['none', 'kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp'] as const),
  ...(['cron', 'authpriv', 'ftp', 'local0', 'local1', 'local2', 'local3', 'local4'] as const),
  ...(['local5', 'local6', 'local7'] as const),
];

const REPORTS = ['none', 'delays', 'nodelays', 'all'] as const;

type ReadSetting = (reader: Reader) => Setting;

/** How what stands behind the word of each setting is read. */
export const settings: ReadonlyMap<string, ReadSetting> = new Map<string, ReadSetting>([
  ...FLAGS.map((flag) => [flag, (reader: Reader) => readFlag(reader, flag)] as const),
  ...(['greylist', 'autowhite', 'timeout', 'dumpfreq', 'tarpit'] as const).map(
    (kind) =>
      [kind, (reader: Reader) => ({ kind, seconds: readSeconds(reader, 'the time') })] as const,
  ),
  ['subnetmatch', (reader) => ({ kind: 'subnetmatch', bits: readBits(reader, 32) })],
  ['subnetmatch6', (reader) => ({ kind: 'subnetmatch6', bits: readBits(reader, 128) })],
  ['report', (reader) => ({ kind: 'report', which: reader.oneOf(REPORTS, 'what to report') })],
  ['dumpfile', readDumpFile],
  ['logfac', (reader) => ({ kind: 'logfac', facility: reader.oneOf(FACILITIES, 'a facility') })],
  ['socket', readSocket],
  ...(['pidfile', 'p0fsock', 'geoipdb', 'geoipv6db', 'geoip2db'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, path: reader.string('the path') })] as const,
  ),
  ['drac', readDrac],
  ['user', readUser],
  ['peer', readPeer],
  ...(['syncaddr', 'syncsrcaddr'] as const).map(
    (kind) => [kind, (reader: Reader) => ({ kind, ...readListener(reader) })] as const,
  ),
  ...(['syncmaxqlen', 'maxpeek'] as const).map(
    (kind) =>
      [kind, (reader: Reader) => ({ kind, value: readNumber(reader, 'the number') })] as const,
  ),
  ['localaddr', (reader) => ({ kind: 'localaddr', address: readIp(reader, 'an address') })],
  ['stat', readStat],
  ['spamdsock', readSpamdSocket],
  ['tarpit_scope', (reader) => ({ kind: 'tarpit_scope', scope: readTarpitScope(reader) })],
  ['ldapconf', readLdapServers],
]);

function readFlag(reader: Reader, flag: Flag): Setting {
  if (flag === 'extendedregex') reader.dialect = 'extended';
  return { kind: 'flag', flag };
}

function readDumpFile(reader: Reader): Setting {
  const path = reader.string('the path');
  return { kind: 'dumpfile', path, mode: readMode(reader, /^0*[0-7]{1,4}$/, '600, 640 or 644') };
}

/** milter-greylist takes three modes for its socket, and refuses all others. */
function readSocket(reader: Reader): Setting {
  const spec = reader.string('the socket');
  return { kind: 'socket', spec, mode: readMode(reader, /^0*(?:666|660|600)$/, '600, 660 or 666') };
}

function readMode(reader: Reader, form: RegExp, forms: string): number | undefined {
  const { lexer } = reader;
  if (lexer.isAtLineEnd) return undefined;
  const start = lexer.offset;
  const shown = lexer.shown();
  const digits = lexer.take(/[0-9]+(?![A-Za-z0-9_.])/y) ?? '';
  if (form.test(digits)) return parseInt(digits, 8);
  return lexer.fail(`has ${shown} for a mode`, `write ${forms}`, start);
}

function readDrac(reader: Reader): Setting {
  reader.oneOf(['db'] as const, 'what it is');
  return { kind: 'drac', path: reader.string('the path') };
}

function readUser(reader: Reader): Setting {
  const written = reader.string('the user');
  const colonAt = written.indexOf(':');
  return colonAt < 0
    ? { kind: 'user', user: written, group: undefined }
    : { kind: 'user', user: written.slice(0, colonAt), group: written.slice(colonAt + 1) };
}

function readPeer(reader: Reader): Setting {
  const host = readHost(reader);
  const timeoutSeconds = reader.takeWord('timeout')
    ? readSeconds(reader, 'the timeout')
    : undefined;
  return { kind: 'peer', host, timeoutSeconds };
}

function readListener(reader: Reader): { address: string | undefined; port: number | undefined } {
  const address = reader.lexer.takeSign('*') ? undefined : readIp(reader, 'an address');
  const port = reader.takeWord('port') ? readNumber(reader, 'a port') : undefined;
  return { address, port };
}

function readStat(reader: Reader): Setting {
  const output = reader.string('where to');
  return { kind: 'stat', output, format: readEscapedFormat(reader, 'the text') };
}

function readSpamdSocket(reader: Reader): Setting {
  const family = reader.oneOf(['unix', 'inet'] as const, 'a kind of socket');
  return { kind: 'spamdsock', family, address: reader.string('the address') };
}

function readLdapServers(reader: Reader): Setting {
  const servers = reader
    .string('the servers')
    .split(/[ \t,]+/)
    .filter((uri) => uri !== '');
  const hasTimeout = reader.takeWord('timeout') || reader.lexer.sees(/[0-9]/y);
  const timeoutSeconds = hasTimeout ? readSeconds(reader, 'the timeout') : undefined;
  if (!reader.takeWord('binddn'))
    return { kind: 'ldapconf', servers, timeoutSeconds, bind: undefined };
  const dn = reader.string('the name to bind with');
  reader.oneOf(['bindpw'] as const, 'the word before the password');
  const password = reader.string('the password');
  return { kind: 'ldapconf', servers, timeoutSeconds, bind: { dn, password } };
}
