/** How many slots the keys of a Cluster are dealt out to. */
export const SLOTS = 16_384;

/** CRC-16/XMODEM, polynomial 0x1021, as the specification of Redis Cluster wants it. */
const CRC_TABLE: Uint16Array = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc & 0xffff;
});

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * The slot of a key. If the key has a part in braces, and one that is not empty, only the first such
 * part counts: keys of ours are not written so on purpose, but addresses may hold braces.
 */
export function keySlot(key: Buffer): number {
  const open = key.indexOf(OPEN_BRACE);
  const close = open < 0 ? -1 : key.indexOf(CLOSE_BRACE, open + 1);
  const hasTag = close > open + 1;
  let crc = 0;
  for (let at = hasTag ? open + 1 : 0, end = hasTag ? close : key.length; at < end; at++) {
    crc = ((crc << 8) & 0xffff) ^ (CRC_TABLE[((crc >> 8) ^ (key[at] ?? 0)) & 0xff] ?? 0);
  }
  return crc % SLOTS;
}
