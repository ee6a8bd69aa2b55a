/** One request about one recipient, and when it is made. */
export interface LoadRequest {
  /** Epoch seconds. */
  readonly at: number;
  readonly clientAddress: string;
  readonly clientName: string;
  readonly sender: string;
  readonly recipient: string;
  readonly instance: string;
  /** Whether another recipient of the same message came before. */
  readonly isFurther: boolean;
}

const CLIENTS = [
  ['198.18.1.7', 'mx1.sender.example'],
  ['198.18.1.8', 'mx2.sender.example'],
  ['198.18.2.7', 'out.other.example'],
  ['198.18.3.7', 'unknown'],
  ['198.18.4.7', 'out.many.example'],
  ['2001:db8:5::25', 'v6.sender.example'],
  ['2001:db8:5::26', 'v6b.sender.example'],
  ['2001:db8:6:0:1::1', 'unknown'],
  // Whom lists know.
  ['198.18.9.1', 'a.news.example.com'],
  ['198.18.9.2', 'MX-OUT7.pool.example.net'],
  ['192.0.2.25', 'unknown'],
  ['198.51.100.200', 'unknown'],
  ['2001:db8:aaaa:1::1', 'unknown'],
  ['198.18.11.3', 'badnews.example.com'],
  // What Postgrey takes for something else.
  ['10.20.0.9', 'unknown'],
  ['10.20.30.5', 'unknown'],
  ['198.18.10.4', 'mail.partner.example'],
  ['::ffff:203.0.113.9', 'unknown'],
  ['::ffff:203.0.112.9', 'unknown'],
] as const;

const SENDERS = [
  ...['alice@sender.example', 'Alice@Sender.example', 'bob@other.example', ''],
  ...['list+one@sender.example', 'list+two@sender.example', 'news-12-34@sender.example'],
  ...['news-56-7@sender.example', 'user1234@sender.example', 'b_12_c@sender.example'],
  ...['prvs=0123456789=carol@sender.example', 'prvs=carol=9876543210@sender.example'],
  ...['SRS0=HHH=TT=dom.example=user@forward.example', 'local', 'a/b@sender.example'],
] as const;

const RECIPIENTS = [
  ...['joe@example.net', 'Joe@Example.net', 'ann@example.net', 'ann+x@example.net'],
  ...['postmaster@example.net', 'abuse+x@example.net', 'ceo@example.org', 'ceo+y@example.org'],
  ...['cfo@example.org', 'x@sales.example.org', 'x@sub.sales.example.org', 'postmaster'],
] as const;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Numbers from 0 up to 1 that are the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Mail as it comes: few senders that write to few recipients, again and again; sometimes several
 * recipients at a time, early retries, retries at the very second, and pauses of days.
 *
 * @param kind `simple`: one recipient a message, no null sender, and no long pauses
 */
export function createLoad(
  seed: number,
  messages: number,
  kind: 'all' | 'simple' = 'all',
): readonly LoadRequest[] {
  const isAll = kind === 'all';
  const senders = SENDERS.filter((sender) => isAll || sender !== '');
  const recipients = RECIPIENTS.filter((recipient) => isAll || recipient.includes('@'));
  const random = randomNumbers(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => {
    const picked = from[below(from.length)];
    if (picked === undefined) throw new RangeError('nothing to pick from');
    return picked;
  };
  const load: LoadRequest[] = [];
  let at = 1_700_000_000;
  let last: Omit<LoadRequest, 'at' | 'instance' | 'isFurther'> | undefined;
  for (let message = 0; message < messages; message++) {
    const again = last !== undefined && random() < 0.4;
    at += again
      ? pick([0, 1, 30, 299, 300, 301, 20 * MINUTE])
      : pick([1, 40, 5 * MINUTE, 2 * HOUR]);
    if (isAll && random() < 0.004) at += pick([3 * DAY, 40 * DAY]);
    const [clientAddress, clientName] = pick(CLIENTS);
    const mail =
      again && last !== undefined
        ? last
        : { clientAddress, clientName, sender: pick(senders), recipient: pick(recipients) };
    last = mail;
    const others = isAll && random() < 0.1 ? [pick(RECIPIENTS), pick(RECIPIENTS)] : [];
    const instance = `${seed}.${message}`;
    for (const [index, recipient] of [mail.recipient, ...others].entries()) {
      load.push({ ...mail, recipient, at, instance, isFurther: index > 0 });
    }
  }
  return load;
}
