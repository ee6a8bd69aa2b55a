/** A packet from the filter. */
export interface AnswerPacket {
  readonly command: string;
  readonly payload: Buffer;
}

/** A filter's verdict on an event. */
export interface PeerReply {
  readonly kind: 'continue' | 'accept' | 'reject' | 'tempfail' | 'discard' | 'skip' | 'replycode';
  /** The SMTP reply of `replycode`, without its NUL; empty for the others. */
  readonly text: string;
}

/** A change that a filter wants at the end of a message. */
export type Change =
  | { readonly kind: 'addHeader'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'insertHeader' | 'changeHeader';
      readonly index: number;
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly kind: 'changeSender' | 'addRecipient';
      readonly address: string;
      readonly args: string;
    }
  | { readonly kind: 'deleteRecipient'; readonly address: string }
  | { readonly kind: 'quarantine'; readonly reason: string }
  | { readonly kind: 'replaceBody'; readonly body: Buffer };

const plainReplies: Readonly<Record<string, PeerReply['kind']>> = {
  c: 'continue',
  a: 'accept',
  r: 'reject',
  t: 'tempfail',
  d: 'discard',
  s: 'skip',
};

/** Each line: the code, a dash or a blank, printable US-ASCII with `%` only doubled. */
const replyLine = /^([45]\d\d)[- ](?:[^\x00-\x1f%\x7f-\uffff]|%%)*$/;

/** A verdict; throws for anything an MTA would not take as meant. */
export function parseReply({ command, payload }: AnswerPacket): PeerReply {
  if (command === 'y') return { kind: 'replycode', text: parseReplyText(payload) };
  const kind = plainReplies[command];
  if (kind === undefined) throw new Error(`${command} is no verdict`);
  if (payload.length > 0) throw new Error(`${command} with ${payload.length} bytes of payload`);
  return { kind, text: '' };
}

function parseReplyText(payload: Buffer): string {
  if (payload.indexOf(0) !== payload.length - 1) throw new Error('y without one NUL at its end');
  const text = payload.toString('latin1', 0, payload.length - 1);
  const lines = text.split('\r\n');
  for (const [index, line] of lines.entries()) {
    const mark = index === lines.length - 1 ? ' ' : '-';
    const isGood = replyLine.test(line) && line[3] === mark && line.startsWith(text.slice(0, 3));
    if (!isGood) throw new Error(`bad reply line ${JSON.stringify(line)}`);
  }
  return text;
}

/** A change; undefined if the packet is none. */
export function parseChange({ command, payload }: AnswerPacket): Change | undefined {
  switch (command) {
    case 'h': {
      const [name, value] = stringsIn(payload, 2);
      return { kind: 'addHeader', name, value };
    }
    case 'i':
    case 'm': {
      const [name, value] = stringsIn(payload.subarray(4), 2);
      const kind = command === 'i' ? 'insertHeader' : 'changeHeader';
      return { kind, index: payload.readUInt32BE(0), name, value };
    }
    case 'e':
    case '2': {
      const [address, args] = stringsIn(payload, 1);
      return { kind: command === 'e' ? 'changeSender' : 'addRecipient', address, args };
    }
    case '+':
      return { kind: 'addRecipient', address: stringsIn(payload, 1)[0], args: '' };
    case '-':
      return { kind: 'deleteRecipient', address: stringsIn(payload, 1)[0] };
    case 'q':
      return { kind: 'quarantine', reason: stringsIn(payload, 1)[0] };
    case 'b':
      return { kind: 'replaceBody', body: Buffer.from(payload) };
    default:
      return undefined;
  }
}

/** At least so many strings, each with its NUL; Postfix drops a filter that sends more bytes. */
function stringsIn(payload: Buffer, atLeast: 1 | 2): [string, string] {
  const parts = payload.toString('utf8').split('\0');
  if (parts.pop() !== '' || parts.length < atLeast || parts.length > 2) {
    throw new Error(`bad strings ${JSON.stringify(payload.toString('latin1'))}`);
  }
  return [parts[0] ?? '', parts[1] ?? ''];
}
