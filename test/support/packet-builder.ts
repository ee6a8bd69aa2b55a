/** A part of a payload; text is UTF-8. */
export type Part = string | Uint8Array;

/** One milter packet: length word, command letter, payload. */
export function packet(command: string, ...parts: readonly Part[]): Buffer {
  const payload = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([uint32(payload.length + 1), Buffer.from(command, 'latin1'), payload]);
}

/** Bytes written as hexadecimal digits, blanks and line ends between them as one likes. */
export function fromHex(digits: string): Buffer {
  return Buffer.from(digits.replace(/\s+/g, ''), 'hex');
}

/** Four bytes, big endian. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Two bytes, big endian. */
export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** The MTA's opening packet; without arguments that of today's Sendmail and Postfix. */
export function offer(version = 6, actions = 0x1ff, steps = 0x1fffff): Buffer {
  return packet('O', uint32(version), uint32(actions), uint32(steps));
}

/** Macros for the event with this letter. */
export function macros(letter: string, values: Readonly<Record<string, string>> = {}): Buffer {
  const pairs = Object.entries(values).map(([name, value]) => `${name}\0${value}\0`);
  return packet('D', letter, ...pairs);
}

/** A client's connection; by default an IPv4 one. */
export function connect(
  hostName: string,
  address: string,
  { family = '4', port = 49_740 }: { readonly family?: string; readonly port?: number } = {},
): Buffer {
  return packet('C', `${hostName}\0`, family, uint16(port), `${address}\0`);
}

/** HELO or EHLO. */
export function helo(name: string): Buffer {
  return packet('H', `${name}\0`);
}

/** MAIL with its ESMTP arguments. */
export function mail(address: string, ...args: readonly string[]): Buffer {
  return packet('M', ...[address, ...args].map((text) => `${text}\0`));
}

/** RCPT with its ESMTP arguments. */
export function rcpt(address: string, ...args: readonly string[]): Buffer {
  return packet('R', ...[address, ...args].map((text) => `${text}\0`));
}

/** DATA. */
export function data(): Buffer {
  return packet('T');
}

/** One header field. */
export function header(name: string, value: string): Buffer {
  return packet('L', `${name}\0`, `${value}\0`);
}

/** The end of the header. */
export function eoh(): Buffer {
  return packet('N');
}

/** A part of the body. */
export function body(chunk: Part): Buffer {
  return packet('B', chunk);
}

/** The end of the message. */
export function eom(chunk: Part = ''): Buffer {
  return packet('E', chunk);
}

/** An SMTP command that the MTA does not know. */
export function unknown(line: string): Buffer {
  return packet('U', `${line}\0`);
}

/** The end of a message without a verdict. */
export function abort(): Buffer {
  return packet('A');
}

/** The end of the SMTP session. */
export function quit(): Buffer {
  return packet('Q');
}

/** The end of the SMTP session, with another one to follow on this connection. */
export function quitNc(): Buffer {
  return packet('K');
}

/** Cuts a stream into the packets of a filter or an MTA; throws if something is left over. */
export function splitPackets(stream: Buffer): readonly { command: string; payload: Buffer }[] {
  const found: { command: string; payload: Buffer }[] = [];
  let at = 0;
  while (at < stream.length) {
    const end = at + 4 + stream.readUInt32BE(at);
    if (end > stream.length) throw new Error(`packet at ${at} is not complete`);
    found.push({
      command: stream.toString('latin1', at + 4, at + 5),
      payload: stream.subarray(at + 5, end),
    });
    at = end;
  }
  return found;
}
