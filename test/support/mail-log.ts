import { LOG_START } from './logged.js';

/** A mail in a log of tests, with the times of its tries in seconds. */
export interface LoggedMail {
  readonly client: string;
  readonly name?: string;
  readonly from: string;
  readonly to?: string;
  readonly tries: readonly number[];
  /** Whether the last try gets through. */
  readonly passes: boolean;
}

interface Line {
  readonly at: number;
  readonly text: string;
}

/** The lines that Postgrey and Postfix write about mails, in their order, dates without a year. */
export function mailLog(mails: readonly LoggedMail[]): string {
  return mails
    .flatMap(linesOf)
    .toSorted((one, other) => one.at - other.at)
    .map(({ text }) => text)
    .join('');
}

function linesOf(mail: LoggedMail): readonly Line[] {
  const { client, name = 'unknown', from, to = 'ann@local.example', tries, passes } = mail;
  const sender = from === '' ? '' : `, sender=${from}`;
  const parties = `client_name=${name}, client_address=${client}${sender}, recipient=${to}`;
  return tries.map((at, index) => {
    const head = syslogTime(at);
    if (passes && index === tries.length - 1) {
      const delay = at - (tries[0] ?? at);
      const what = `action=pass, reason=triplet found, delay=${delay}`;
      return { at, text: `${head} mx postgrey[7]: ${what}, ${parties}\n` };
    }
    const reason = index === 0 ? 'new' : 'early-retry (9s missing)';
    const reply = '450 4.2.0 <x>: Recipient address rejected: Greylisted, see http://x.example';
    const rejected = `NOQUEUE: reject: RCPT from ${name}[${client}]: ${reply}`;
    return {
      at,
      text:
        `${head} mx postgrey[7]: action=greylist, reason=${reason}, ${parties}\n` +
        `${head} mx postfix/smtpd[8]: ${rejected}; from=<${from}> to=<${to}> proto=ESMTP helo=<h.example>\n` +
        `${head} mx postfix/smtpd[8]: disconnect from ${name}[${client}]\n`,
    };
  });
}

/** `Nov 20 00:00:00`, UTC. */
export function syslogTime(seconds: number): string {
  const [, , day = '', month = '', , time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(LOG_START + seconds * 1000).toUTCString()) ??
    [];
  return `${month} ${String(Number(day)).padStart(2)} ${time}`;
}

/** A day of mail: servers that come back after five minutes, and bots that do not, or too soon. */
export function dayOfMail(): readonly LoggedMail[] {
  const servers = Array.from({ length: 60 }, (_, index) => ({
    client: `198.51.100.${index + 1}`,
    name: `mx${index}.shop.example`,
    from: `news${index}@${index < 20 ? 'shop' : `shop${index}`}.example`,
    tries: [index * 300, index * 300 + 310],
    passes: true,
  }));
  const bots = Array.from({ length: 40 }, (_, index) => ({
    client: `203.0.${index}.9`,
    from: `spam${index}@bot.example`,
    to: `u${index % 3}@local.example`,
    tries: index < 25 ? [index * 200, index * 200 + 100] : [index * 200],
    passes: false,
  }));
  const later = { client: '192.0.2.1', from: 'x@y.example', tries: [3 * 86_400], passes: false };
  return [...servers, ...bots, later];
}
