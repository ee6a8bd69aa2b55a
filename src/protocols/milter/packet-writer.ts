/** Builds one packet: length, command byte, and the parts of its payload one after the other. */
export function encodePacket(command: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const payload = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part));
  const bytes = payload.reduce((sum, part) => sum + part.length, 0);
  const packet = Buffer.allocUnsafe(5 + bytes);
  packet.writeUInt32BE(1 + bytes, 0);
  packet.write(command, 4, 'latin1');
  let at = 5;
  for (const part of payload) {
    packet.set(part, at);
    at += part.length;
  }
  return packet;
}

/** A number as the protocol writes it. */
export function encodeUint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
