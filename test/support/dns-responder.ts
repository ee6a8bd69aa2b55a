import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { CleanUp } from './temp-directory.js';

/** What a name has, or how the server misbehaves when asked for it. */
export type DnsEntry =
  | {
      readonly A?: readonly string[];
      readonly AAAA?: readonly string[];
      readonly MX?: readonly string[];
      readonly TXT?: readonly string[];
      readonly PTR?: readonly string[];
      /** Seconds; 300 if absent. */
      readonly ttl?: number;
    }
  | 'silence'
  | 'servfail'
  | 'refused';

/** Entries by name, or by name and type: `example.test` or `example.test TXT`, which goes first. */
export type DnsEntries = Readonly<Record<string, DnsEntry>>;

/** A name server that does on demand what real ones do only on bad days. */
export interface DnsResponder {
  /** What a resolver takes for a server. */
  readonly address: string;
  /** Every question so far, as `A example.test`, in lower case. */
  readonly questions: readonly string[];
  /** Replaces what is answered from now on. */
  set(entries: DnsEntries): void;
}

const TYPES = { A: 1, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;
type RecordType = keyof typeof TYPES;
const OUTCOMES = { servfail: 2, refused: 5 } as const;
const NXDOMAIN = 3;
const HEADER_BYTES = 12;

/**
 * Answers over UDP on loopback, without a word of truncation: answers must be short.
 *
 * @param where for programs that know no port but 53
 */
export async function startDnsResponder(
  t: CleanUp,
  initial: DnsEntries = {},
  where: { readonly address: string; readonly port: number } = { address: '127.0.0.1', port: 0 },
): Promise<DnsResponder> {
  let entries = initial;
  const questions: string[] = [];
  const socket = createSocket('udp4');
  t.after(() => socket.close());
  socket.on('message', (message, { port, address }) => {
    const { name, type, end } = readQuestion(message);
    questions.push(`${type ?? 'other'} ${name}`);
    const entry = entries[`${name} ${type ?? ''}`] ?? entries[name];
    if (entry === 'silence') return;
    socket.send(answer(message.subarray(0, end), entry, type), port, address);
  });
  socket.bind(where.port, where.address);
  await once(socket, 'listening');
  return {
    address: `${where.address}:${socket.address().port}`,
    questions,
    set: (next) => {
      entries = next;
    },
  };
}

interface Question {
  readonly name: string;
  readonly type: RecordType | undefined;
  /** Where the question ends in the message. */
  readonly end: number;
}

function readQuestion(message: Buffer): Question {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const number = message.readUInt16BE(at + 1);
  const [type] = recordTypes.filter((candidate) => TYPES[candidate] === number);
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

const recordTypes: readonly RecordType[] = ['A', 'PTR', 'MX', 'TXT', 'AAAA'];

function answer(question: Buffer, entry: DnsEntry | undefined, type: Question['type']): Buffer {
  const records =
    typeof entry === 'object' && type !== undefined
      ? (entry[type] ?? []).map((text) => recordOf(type, text, entry.ttl ?? 300))
      : [];
  const outcome = typeof entry === 'string' && entry !== 'silence' ? OUTCOMES[entry] : 0;
  const header = Buffer.from(question);
  // An answer, authoritative, recursion as desired and available.
  header.writeUInt16BE(0x8580 | (entry === undefined ? NXDOMAIN : outcome), 2);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  return Buffer.concat([header, ...records]);
}

function recordOf(type: RecordType, text: string, ttl: number): Buffer {
  const data = dataOf(type, text);
  const head = Buffer.alloc(12);
  // A pointer to the question's name.
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(TYPES[type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(type: RecordType, text: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(text.split('.').map(Number));
    case 'AAAA':
      return ipv6Bytes(text);
    case 'PTR':
      return nameBytes(text);
    case 'MX': {
      const [priority = '', exchange = ''] = text.split(' ');
      return Buffer.concat([Buffer.from([0, Number(priority)]), nameBytes(exchange)]);
    }
    case 'TXT': {
      const strings = (text.match(/.{1,255}/gs) ?? ['']).map((part) => Buffer.from(part, 'latin1'));
      return Buffer.concat(strings.flatMap((part) => [Buffer.from([part.length]), part]));
    }
  }
}

/** `mail.example.test`; `.` is the root. */
function nameBytes(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`));
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function ipv6Bytes(text: string): Buffer {
  const [head = '', tail] = text.split('::');
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const ends = groups(tail ?? '');
  const zeros = Array.from({ length: 8 - groups(head).length - ends.length }, () => '0');
  const all = [...groups(head), ...(tail === undefined ? [] : zeros), ...ends];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
