import { hostname } from 'node:os';
import { addressForms } from '../../config/address-forms.js';
import type { HeaderText } from '../../config/header-text.js';
import type { Config } from '../../config/schema.js';
import type { GreylistSettings } from '../../greylist/advance.js';
import type { ClientAutowhiteSettings } from '../../greylist/client-autowhite.js';
import type { Mode } from '../../greylist/decision.js';
import {
  greymilterStrategy,
  milterGreylistStrategy,
  type GreylistStrategy,
} from '../../greylist/strategy.js';
import { systemTimeZone } from '../../greylist/strftime.js';
import type { PlainTemplate } from '../../greylist/text-template.js';
import type { TextSurroundings } from '../../greylist/template-context.js';
import { matchesAddress } from '../../mail/address-pattern.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import type { Network } from '../../mail/network.js';
import { normaliseAddress, type AddressNormalisation } from '../../mail/normalise-address.js';
import type { SettableExemption } from '../../rules/exemption.js';
import { noProgram, type Program } from '../../rules/rule.js';
import { createNameSet } from '../../rules/sets/name-set.js';
import { finish } from '../../rules/steps.js';
import type { FailureSettings } from './failure-policy.js';
import type { ReplyForm } from './greylist-reply.js';
import { packageVersion } from '../process/version.js';

const version = packageVersion();

/**
 * What a session judges by: everything of one configuration that decisions need, derived once. A
 * reload makes a new one for new sessions.
 */
export interface Policy {
  readonly program: Program;
  /** What texts show that is the same for all mail. */
  readonly surroundings: TextSurroundings;
  readonly mode: Mode;
  readonly trusted: readonly Network[];
  /** Who else is never greylisted. */
  readonly exempt: readonly SettableExemption[];
  readonly failure: FailureSettings;
  readonly strategy: GreylistStrategy;
  readonly greylist: GreylistSettings;
  /** Whether a client is known for everything once a triplet of it is. */
  readonly isLazy: boolean;
  /** Undefined if clients are not autowhitelisted. */
  readonly clientAutowhite: ClientAutowhiteSettings | undefined;
  /** For null and probing senders: in our own style a short life, not renewed. */
  readonly probe: GreylistSettings;
  readonly isProbe: (sender: EnvelopeAddress) => boolean;
  /** The stage at which everybody, or only probing senders, are answered. */
  readonly stage: 'rcpt' | 'data';
  readonly probeStage: 'rcpt' | 'data';
  /** How long clients are made to wait at most, and how many at a time. */
  /** Whether clients without a name are looked up. */
  readonly unbracket: boolean;
  readonly tarpit: { readonly longestMs: number; readonly most: number };
  /** How much of a body is kept for rules that look at it, and for footers. */
  readonly bodyBytes: number;
  /** Whether decisions are told in milter-greylist's words, in the log or in the header. */
  readonly tellsParticulars: boolean;
  readonly header: Config['greylist']['header'];
  readonly headerText: HeaderText;
  readonly reply: ReplyForm;
  /** What rules that reject say where they say nothing else. */
  readonly refusal: Config['refusal'];
  /** What records of activity show. */
  readonly activityFormat: PlainTemplate | undefined;
  /** What the policy service says in place of the codes of `reply`. */
  readonly postfixReply: Config['greylist']['reply']['policy'];
  readonly senderForm: AddressNormalisation;
  readonly recipientForm: AddressNormalisation;
  /** How answers to our own users' mail are known; undefined if they wait like any other mail. */
  readonly replies: ReplySettings | undefined;
  /** Whether large senders that are known to retry badly pass. */
  readonly acceptsProviders: boolean;
}

/** Which mail goes out, and how long an answer to it is expected. */
export interface ReplySettings {
  readonly forMs: number;
  readonly isLocal: (domain: string) => boolean;
}

/**
 * How long what is let pass while learning is known: a week, so that a newsletter of every week is.
 * It is far less than what passed is given, for nobody has seen this client come back.
 */
const LEARN_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** How long a triplet is known that passes only because of the mode; undefined in other modes. */
export function learnForMs(mode: Mode): number | undefined {
  return mode === 'learn' ? LEARN_FOR_MS : undefined;
}

/**
 * Derives what decisions need from a configuration.
 *
 * @param program the rules of that configuration, compiled
 */
export function createPolicy(config: Config, program: Program = noProgram): Policy {
  const { greylist } = config;
  const probes = greylist['probe-senders'];
  // Copies, field by field: what the schema makes is slow to read, and this is read all the time.
  const { ipv4, ipv6 } = greylist.network;
  const patterns = probes.match.map(({ text, localPart, domain }) => ({ text, localPart, domain }));
  const settings: GreylistSettings = {
    delayMs: greylist.delay,
    retryWindowMs: greylist['retry-window'],
    autowhiteMs: greylist.autowhite,
    learnForMs: learnForMs(greylist.mode),
    renew: true,
    network: { ipv4, ipv6 },
    identity: {
      spf: greylist.identity.includes('spf'),
      hostName: greylist.identity.includes('host-name'),
    },
    patience:
      greylist.patience === null
        ? undefined
        : { tries: greylist.patience.tries, overMs: greylist.patience.over },
  };
  const { code, enhanced } = greylist.reply.milter;
  const forms = addressForms(greylist);
  const isOwnStyle = greylist.style === 'greymilter';
  return {
    program,
    surroundings: {
      timeZone: systemTimeZone,
      version,
      host: hostname(),
      spellSender: (sender) => normaliseAddress(sender, forms.sender),
    },
    mode: greylist.mode,
    trusted: config.trusted.flatMap((clients) => clients.networks),
    exempt: config.exempt,
    failure: { onFailure: config.store['on-failure'] },
    strategy: isOwnStyle ? greymilterStrategy : milterGreylistStrategy,
    greylist: settings,
    isLazy: greylist['lazy-autowhite'] && !isOwnStyle,
    clientAutowhite: clientAutowhiteOf(greylist['client-autowhite']),
    probe: isOwnStyle ? { ...settings, autowhiteMs: probes.autowhite, renew: false } : settings,
    isProbe: (sender) => patterns.some((pattern) => matchesAddress(pattern, sender)),
    stage: greylist.stage,
    // Where nobody is taken for one, nobody waits for DATA.
    probeStage: patterns.length === 0 ? 'rcpt' : probes.stage,
    unbracket: config.lookups.unbracket,
    tarpit: { longestMs: config.limits.tarpit, most: config.limits.tarpits },
    bodyBytes: config.limits.body,
    tellsParticulars:
      config.log.style === 'milter-greylist' ||
      greylist['header-text'].value.placeholders.includes('milter-greylist'),
    header: greylist.header,
    headerText: greylist['header-text'],
    reply: { code, enhanced, text: greylist.reply.text },
    activityFormat: config.activity?.format,
    postfixReply: greylist.reply.policy,
    refusal: config.refusal,
    senderForm: forms.sender,
    recipientForm: forms.recipient,
    replies: replySettings(config),
    acceptsProviders: greylist.providers === 'accept',
  };
}

/** Whether answers to our own users' mail are to be told from other mail. */
export function expectsReplies({ greylist, ...config }: Config): boolean {
  return greylist.replies !== null && config['local-domains'].length > 0;
}

function replySettings(config: Config): ReplySettings | undefined {
  const forMs = config.greylist.replies;
  if (forMs === null || !expectsReplies(config)) return undefined;
  const entries = config['local-domains'].map((value) => ({ value, place: '' }));
  const domains = finish(createNameSet(entries));
  return { forMs, isLocal: (domain) => domains.find(domain) !== undefined };
}

function clientAutowhiteOf(
  written: Config['greylist']['client-autowhite'],
): ClientAutowhiteSettings | undefined {
  if (written === null) return undefined;
  const { after, count, domains, spacing, for: forMs } = written;
  return { after, count, domains, spacingMs: spacing, forMs };
}
