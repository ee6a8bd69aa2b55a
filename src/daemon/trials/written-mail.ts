import type { Parsed } from '../../config/parsed.js';
import type { Attempt } from '../../greylist/attempt.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { verifiedName } from '../../mail/host-name.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import type { MessageFacts } from '../../rules/facts.js';
import { DECISION_FIELDS } from '../../telemetry/decision-fields.js';
import { verifiedSubject } from '../milter/verified-subject.js';

/** A mail as somebody tells of it. */
export interface WrittenMail {
  /** Its IP address. */
  readonly client: string;
  /** The client's verified name; undefined if it has none. */
  readonly name: string | undefined;
  readonly helo: string | undefined;
  /** `<>` or the empty text is the null sender. */
  readonly from: string;
  readonly to: readonly string[];
  /** By their symbols, `j` and `{auth_authen}`. */
  readonly macros: ReadonlyMap<string, string>;
  /** Undefined if nothing is told of the message itself. */
  readonly message: MessageFacts | undefined;
  /** When it comes, epoch milliseconds. */
  readonly now: number;
}

/** One recipient of it as the rules are shown it. */
export interface MailAttempt {
  readonly attempt: Attempt;
  readonly recipientsBefore: number;
}

/** The keys of a line of the log in JSON, which tells of a mail, too. */
export const logKeys: ReadonlySet<string> = new Set([
  'time',
  'level',
  'message',
  ...DECISION_FIELDS.map(({ name }) => name),
]);

/** A client's port that is no sign of a local submission. */
const anyPort = 40_000;

/** Makes attempts of a mail, as a session with the MTA would; one for each recipient. */
export function readMail(mail: WrittenMail): Parsed<readonly MailAttempt[]> {
  const clientAddress = parseIpAddress(mail.client);
  if (clientAddress === undefined) return { problem: 'is not an IP address' };
  const clientName = verifiedName(mail.name ?? '');
  if (mail.name !== undefined && clientName === undefined) {
    return { problem: `has a name that no client has: ${mail.name}` };
  }
  return {
    ok: mail.to.map((to, recipientsBefore) => ({
      recipientsBefore,
      attempt: {
        id: mail.macros.get('i') ?? 'explain',
        via: 'milter',
        clientAddress,
        clientPort: anyPort,
        clientName,
        helo: mail.helo,
        sender: parseEnvelopeAddress(mail.from),
        recipient: parseEnvelopeAddress(to),
        login: mail.macros.get('{auth_authen}'),
        certSubject: verifiedSubject({ macro: (symbol) => mail.macros.get(symbol) }),
        daemonName: mail.macros.get('{daemon_name}'),
        accessMap: mail.macros.get('{greylist}'),
      },
    })),
  };
}
