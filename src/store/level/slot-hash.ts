/** The secret that makes slots unpredictable: two 32-bit words, drawn once per database. */
export type HashSecret = readonly [number, number];

/** Gives every key its slot: an integer of 53 bits. Different keys may share one. */
export type SlotHash = (key: string) => number;

/** Compression rounds are one per word; three more finish the digest (the 1-3 variant). */
const FINAL_ROUNDS = 3;

const UPPER_BITS = 0x1fffff;

/**
 * HalfSipHash-1-3 (J.-P. Aumasson, D. J. Bernstein) over the UTF-16 units of a part of a text. It
 * is keyed because senders choose what is hashed, and written here because the hash functions of
 * node:crypto cost several times as much for so short a text.
 */
function digest(text: string, from: number, to: number, secret: HashSecret): number {
  let v0 = secret[0] | 0;
  let v1 = secret[1] | 0;
  let v2 = v0 ^ 0x6c796765;
  let v3 = v1 ^ 0x74656462;
  for (let i = from; i < to + FINAL_ROUNDS; i++) {
    const word = i < to ? text.charCodeAt(i) : 0;
    if (i === to) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}

/**
 * The upper 21 bits of a slot come from what stands before the first NUL of the key, the lower 32
 * from all of it: the records of one recipient lie together on disk, where they compress well.
 */
export function createSlotHash(secret: HashSecret): SlotHash {
  // A decision looks a key up and then writes it: the second time the slot is known.
  let lastKey = '';
  let lastSlot = slotOf(lastKey, secret);
  return (key) => {
    if (key !== lastKey) {
      lastSlot = slotOf(key, secret);
      lastKey = key;
    }
    return lastSlot;
  };
}

function slotOf(key: string, secret: HashSecret): number {
  const nul = key.indexOf('\0');
  const split = nul < 0 ? key.length : nul;
  const group = digest(key, 0, split, secret);
  const member = digest(key, split, key.length, [secret[0] ^ group, secret[1]]);
  return (group & UPPER_BITS) * 0x1_0000_0000 + member;
}
