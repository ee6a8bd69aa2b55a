/** A key and a record value as a mail server of some thousand users would make them. */
export interface GeneratedTriplet {
  readonly key: string;
  readonly value: Uint8Array;
}

const SYLLABLES =
  'ba be bo da de do fa fi ga ge ka ki la le li lo ma mi mo na ne ni no pa ra re ri ro sa se so ta te ti to va ve wi za'.split(
    ' ',
  );
const ROLES = ['info', 'newsletter', 'noreply', 'no-reply', 'bounce', 'service', 'office', 'news'];
const TOPS = ['com', 'com', 'com', 'net', 'org', 'de', 'de', 'co.uk', 'info', 'ru', 'com.br'];
const LOCAL_DOMAINS = ['example.net', 'mail.example.net', 'example.org', 'uni.example.edu'];

const RECIPIENTS = 4000;
const SENDER_DOMAINS = 40_000;

/** The same sequence every time: a run that needs 101 bytes can be repeated. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** At least 0, below `limit`. */
  below(limit: number): number {
    // A linear congruential generator modulo 2 ** 32, of which the upper bits are good enough.
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  /** Small numbers far more often than large ones: few domains send most of the mail. */
  skewed(limit: number): number {
    return Math.floor(limit * (this.below(1_000_000) / 1_000_000) ** 3);
  }

  pick(list: readonly string[]): string {
    return list[this.below(list.length)] ?? '';
  }

  word(syllables: number): string {
    return Array.from({ length: syllables }, () => this.pick(SYLLABLES)).join('');
  }

  token(length: number): string {
    return Array.from({ length }, () => this.below(36).toString(36)).join('');
  }
}

function senderLocalPart(dice: Dice): string {
  const kind = dice.below(10);
  if (kind < 4) return `${dice.word(2)}.${dice.word(3)}`;
  if (kind < 6) return dice.pick(ROLES);
  if (kind < 8) return `${dice.word(2)}${String(dice.below(1000))}`;
  return `bounce-${dice.token(20)}`;
}

function recordValue(dice: Dice, index: number, domain: string): Uint8Array {
  const hasName = index % 3 === 0;
  const value = Buffer.alloc(hasName ? 42 : 20);
  value.writeUInt32BE(1_893_456_000 + (index >> 1), 0);
  value.writeUInt32BE(dice.below(2 ** 32), 4);
  value.writeUInt16BE(dice.below(2 ** 16), 8);
  value[10] = 1;
  value[11] = dice.below(4);
  if (hasName) value.write(`${dice.token(4)}.mx${String(dice.below(99))}.${domain}`, 20);
  return value;
}

/** Different triplets, with addresses of about 50 bytes together. */
export function generateTriplets(count: number): readonly GeneratedTriplet[] {
  const dice = new Dice(2030);
  const recipients = Array.from(
    { length: RECIPIENTS },
    () => `${dice.word(2)}.${dice.word(3)}@${dice.pick(LOCAL_DOMAINS)}`,
  );
  const domains = Array.from(
    { length: SENDER_DOMAINS },
    () => `${dice.word(2 + dice.below(4))}.${dice.pick(TOPS)}`,
  );
  const triplets = new Map<string, Uint8Array>();
  while (triplets.size < count) {
    const recipient = recipients[dice.skewed(RECIPIENTS)] ?? '';
    const domain = domains[dice.skewed(SENDER_DOMAINS)] ?? '';
    const key = `t${recipient}\0${senderLocalPart(dice)}@${domain}`;
    if (!triplets.has(key)) triplets.set(key, recordValue(dice, triplets.size, domain));
  }
  return [...triplets].map(([key, value]) => ({ key, value }));
}
