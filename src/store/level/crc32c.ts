/** CRC-32C (Castagnoli), reflected; RFC 3720 12.1 and B.4. Node's own CRC-32 is of another polynomial. */
const POLYNOMIAL = 0x82f63b78;

/** Bytes that are taken at a time, each with a table of its own: four times as fast as one by one. */
const SLICES = 8;

type Tables = ReturnType<typeof createTables>;

let made: Tables | undefined;

/** Made when they are first needed, which no start does. */
const tables = (): Tables => (made ??= createTables());

/** Of bytes from one position up to another, that one not included; unsigned. */
export function crc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables();
  let crc = 0xffffffff;
  let at = from;
  const end = Math.min(to, bytes.length);
  for (const sliced = end - SLICES; at <= sliced; at += SLICES) {
    crc =
      at8(t7, (crc ^ at8(bytes, at)) & 0xff) ^
      at8(t6, ((crc >>> 8) ^ at8(bytes, at + 1)) & 0xff) ^
      at8(t5, ((crc >>> 16) ^ at8(bytes, at + 2)) & 0xff) ^
      at8(t4, (crc >>> 24) ^ at8(bytes, at + 3)) ^
      at8(t3, at8(bytes, at + 4)) ^
      at8(t2, at8(bytes, at + 5)) ^
      at8(t1, at8(bytes, at + 6)) ^
      at8(t0, at8(bytes, at + 7));
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ at8(t0, (crc ^ at8(bytes, at)) & 0xff);
  return ~crc >>> 0;
}

/** What LevelDB stores in place of a checksum: see {@link masked}. */
export function maskedCrc32c(bytes: Uint8Array, from?: number, to?: number): number {
  return masked(crc32c(bytes, from, to));
}

/**
 * Where the first part of `bytes` that begins at `from` ends, so that its checksum as LevelDB stores it follows;
 * undefined if there is none. One of four thousand million positions is taken for one by mistake.
 */
export function findChecksum(bytes: Buffer, from: number): number | undefined {
  const [table] = tables();
  let crc = 0xffffffff;
  for (let at = from; at < bytes.length - 4; at++) {
    crc = (crc >>> 8) ^ at8(table, (crc ^ at8(bytes, at)) & 0xff);
    if (masked(~crc >>> 0) === bytes.readUInt32LE(at + 1)) return at + 1;
  }
  return undefined;
}

/**
 * Turned right by 15 bits, and a constant added: the checksum of bytes that have their own checksum
 * among them is a weak one.
 */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Never out of bounds here, which the type of an index does not say. */
function at8(values: Uint8Array | Uint32Array, index: number): number {
  return values[index] ?? 0;
}

function createTables() {
  const table = (): Uint32Array => new Uint32Array(256);
  const all = [table(), table(), table(), table(), table(), table(), table(), table()] as const;
  const [first, ...others] = all;
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : POLYNOMIAL);
    first[byte] = crc;
  }
  let before: Uint32Array = first;
  for (const next of others) {
    before.forEach((crc, byte) => (next[byte] = (crc >>> 8) ^ at8(first, crc & 0xff)));
    before = next;
  }
  return all;
}
