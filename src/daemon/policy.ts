import type { Config } from '../config/schema.js';
import type { GreylistSettings } from '../greylist/advance.js';
import type { Mode } from '../greylist/decision.js';
import { matchesAddress } from '../mail/address-pattern.js';
import type { EnvelopeAddress, AddressNormalisation } from '../mail/envelope-address.js';
import type { Network } from '../mail/network.js';
import type { FailureSettings } from './failure-policy.js';

/**
 * What a session judges by: everything of one configuration that decisions need, derived once. A
 * reload makes a new one for new sessions.
 */
export interface Policy {
  readonly mode: Mode;
  readonly trusted: readonly Network[];
  readonly failure: FailureSettings;
  readonly greylist: GreylistSettings;
  /** For null and probing senders: a short life, not renewed. */
  readonly probe: GreylistSettings;
  readonly isProbe: (sender: EnvelopeAddress) => boolean;
  /** The stage at which everybody, or only probing senders, are answered. */
  readonly stage: 'rcpt' | 'data';
  readonly probeStage: 'rcpt' | 'data';
  readonly header: Config['greylist']['header'];
  readonly reply: Config['greylist']['reply'];
  readonly senderForm: AddressNormalisation;
  readonly recipientForm: AddressNormalisation;
}

/**
 * How long what is let pass while learning is known: a week, so that a newsletter of every week is.
 * It is far less than what passed is given, for nobody has seen this client come back.
 */
const LEARN_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** Derives what decisions need from a configuration. */
export function createPolicy(config: Config): Policy {
  const { greylist } = config;
  const probes = greylist['probe-senders'];
  // Copies, field by field: what the schema makes is slow to read, and this is read all the time.
  const { ipv4, ipv6 } = greylist.network;
  const patterns = probes.match.map(({ text, localPart, domain }) => ({ text, localPart, domain }));
  const settings: GreylistSettings = {
    delayMs: greylist.delay,
    retryWindowMs: greylist['retry-window'],
    autowhiteMs: greylist.autowhite,
    learnForMs: greylist.mode === 'learn' ? LEARN_FOR_MS : undefined,
    renew: true,
    network: { ipv4, ipv6 },
    patience:
      greylist.patience === null
        ? undefined
        : { tries: greylist.patience.tries, overMs: greylist.patience.over },
  };
  return {
    mode: greylist.mode,
    trusted: config.trusted.flatMap((clients) => clients.networks),
    failure: { onFailure: config.store['on-failure'] },
    greylist: settings,
    probe: {
      delayMs: settings.delayMs,
      retryWindowMs: settings.retryWindowMs,
      autowhiteMs: probes.autowhite,
      learnForMs: settings.learnForMs,
      renew: false,
      network: settings.network,
      patience: settings.patience,
    },
    isProbe: (sender) => patterns.some((pattern) => matchesAddress(pattern, sender)),
    stage: greylist.stage,
    probeStage: probes.stage,
    header: greylist.header,
    reply: greylist.reply,
    senderForm: { foldCase: greylist.sender['fold-case'], keepExtension: true },
    recipientForm: {
      foldCase: greylist.recipient['fold-case'],
      keepExtension: greylist.recipient['keep-extension'],
    },
  };
}
