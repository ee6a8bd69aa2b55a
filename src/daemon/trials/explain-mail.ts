import type { Config } from '../../config/schema.js';
import type { Attempt } from '../../greylist/attempt.js';
import {
  correspondenceKey,
  type CorrespondenceParties,
} from '../../greylist/correspondence-key.js';
import { decide, type Decision } from '../../greylist/decision.js';
import type { ReplyParties } from '../../greylist/reply-record.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import type { IpAddress } from '../../mail/ip-address.js';
import { networkContains, networkOf } from '../../mail/network.js';
import { exemptionOf, type Exemption } from '../../rules/exemption.js';
import type { LookupSource } from '../../rules/lookups.js';
import type { Rule, Ruling } from '../../rules/rule.js';
import { TrailRecorder, type RuleTrace } from '../../rules/trail.js';
import { clientVisit } from '../greylisting/client-visit.js';
import { ExpectedReplies, replyExpectedBy } from '../greylisting/expected-replies.js';
import { HandExceptions } from '../greylisting/hand-exceptions.js';
import { Greylister } from '../greylisting/greylister.js';
import { createPolicy, type Policy } from '../policy/policy.js';
import type { ProviderMatch } from '../configuration/provider-watch.js';
import {
  clientOfProvider,
  clockOfRecipient,
  hearRecipient,
  partiesOf,
  type Case,
  type Judges,
} from '../answers/recipient-judge.js';
import { recordLookups, type RecordedLookup } from './recorded-lookups.js';
import { describeReply } from './described-reply.js';
import type { HeardReply } from '../answers/reply-hearing.js';
import { RuleJudge, type Submission } from '../answers/rule-judge.js';
import type { RuleSet } from '../configuration/rule-set.js';
import { viewClient, viewSources, type ClientView, type SourceView } from './source-view.js';
import { rehearse, type ReadableStore } from './store-rehearsal.js';
import { silentLogger } from '../process/silent-logger.js';
import { Tarpit } from '../answers/tarpit.js';
import { createTermsFinder, type FindTerms, type Terms } from '../answers/terms.js';
import { Transaction } from '../answers/transaction.js';
import type { MailAttempt, WrittenMail } from './written-mail.js';

/** What mail is judged by. */
export interface ExplainSetup {
  readonly config: Config;
  readonly ruleSet: RuleSet;
  /** Undefined if nobody knows what it holds. */
  readonly store: ReadableStore | undefined;
}

type Stage = 'connect' | 'helo' | 'mail' | 'rcpt' | 'data';

/** What the rules, and then the greylist, say of one recipient, and why. */
export interface Explanation {
  readonly attempt: Attempt;
  readonly exemption: Exemption | undefined;
  /** The trusted network that the client is in. */
  readonly trustedNetwork: string | undefined;
  readonly rules: readonly RuleTrace[];
  /** Undefined if no rule was asked. */
  readonly ruling: Ruling | undefined;
  readonly messageRules: readonly RuleTrace[];
  readonly messageRuling: Ruling | undefined;
  readonly lookups: readonly RecordedLookup[];
  readonly terms: Terms;
  /** Whether its sender may only be probing, for which timings differ. */
  readonly isProbe: boolean;
  /** When it is answered. */
  readonly stage: Stage;
  /** The large sender that its client belongs to, if it passes because of that. */
  readonly provider: ProviderMatch | undefined;
  /** Whose answer is expected because of it: it is mail that goes out. */
  readonly expected: ReplyParties | undefined;
  /** Whether it answers such mail; undefined if there was none, or it need not wait anyway. */
  readonly answers: HeardReply | undefined;
  /** In whose name it is remembered; undefined where it would not be. */
  readonly triplet: CorrespondenceParties | undefined;
  /** The client in it. */
  readonly network: string | undefined;
  /** What is remembered of the pair; undefined where nothing was looked up. */
  readonly sources: readonly SourceView[] | undefined;
  /** What the client has earned by others; undefined if nothing is remembered of that. */
  readonly client: ClientView | undefined;
  /** Undefined where the store decides, and nobody knows what it holds. */
  readonly decision: Decision | undefined;
  /** What the client is told; undefined if it may go on. */
  readonly reply: string | undefined;
}

/** What is known once the rules have spoken. */
interface Ruled extends Omit<
  Explanation,
  'provider' | 'answers' | 'triplet' | 'network' | 'sources' | 'client' | 'decision' | 'reply'
> {
  /** Records what is asked from now on with what the rules have asked. */
  readonly recorder: LookupSource;
}

/**
 * Finds out what would be said to each recipient of a mail, by the very parts that the daemon judges
 * with. Nothing is changed.
 */
export async function explainMail(
  mail: WrittenMail,
  attempts: readonly MailAttempt[],
  setup: ExplainSetup,
): Promise<readonly Explanation[]> {
  const inquiry = new Inquiry(mail, setup);
  const ruled: Ruled[] = [];
  for (const each of attempts) ruled.push(await inquiry.askRules(each, ruled));
  return await inquiry.askGreylist(ruled);
}

class Inquiry {
  readonly #mail: WrittenMail;
  readonly #policy: Policy;
  readonly #setup: ExplainSetup;
  readonly #findTerms: FindTerms;
  readonly #clock: { now: () => number };

  constructor(mail: WrittenMail, setup: ExplainSetup) {
    this.#mail = mail;
    this.#setup = setup;
    this.#policy = createPolicy(setup.config, setup.ruleSet.program);
    this.#findTerms = createTermsFinder(this.#policy);
    this.#clock = { now: () => mail.now };
  }

  /** @param before the recipients before it: who is not refused by a rule counts as accepted */
  async askRules(
    { attempt, recipientsBefore }: MailAttempt,
    before: readonly Ruled[],
  ): Promise<Ruled> {
    const policy = this.#policy;
    const lookups = recordLookups(this.#setup.ruleSet.lookups);
    const rates = { hit: () => 1 };
    const { store } = this.#setup;
    const judge = new RuleJudge(policy, {
      ...(store !== undefined && {
        tarpit: new Tarpit(rehearse(store), silentLogger, this.#clock),
      }),
      lookups,
      rates,
      clock: this.#clock,
      logger: silentLogger,
    });
    const context = { macro: (symbol: string) => this.#mail.macros.get(symbol) };
    const isProbe = policy.isProbe(attempt.sender);
    const acceptedBefore = before.filter((each) => !isRefused(each)).length;
    const submission = { attempt, recipientsBefore, acceptedBefore, context };
    const early = await this.#askEarly(judge, submission);
    const trail = new TrailRecorder();
    const ruling = early?.ruling ?? (await judge.ofRecipient(submission, trail));
    const terms = this.#findTerms(ruling?.settings, isProbe && early === undefined);
    const { message } = this.#mail;
    const messageTrail = new TrailRecorder();
    const messageRuling =
      message === undefined
        ? undefined
        : await judge.ofMessage({ ...submission, message }, messageTrail);
    const exemption = exemptionOf(attempt, policy.trusted, policy.exempt);
    const isHeld =
      terms.stage === 'data' && (ruling ?? { action: 'greylist' }).action === 'greylist';
    return {
      attempt,
      exemption,
      trustedNetwork: exemption === 'trusted' ? this.#trustedNetwork(attempt) : undefined,
      rules: (early?.trail ?? trail).traces(policy.program.rules),
      ruling,
      messageRules: messageTrail.traces(message === undefined ? [] : policy.program.messageRules),
      messageRuling,
      lookups: lookups.recorded,
      recorder: lookups,
      terms,
      isProbe,
      stage: early?.stage ?? (isHeld ? 'data' : 'rcpt'),
      expected: replyExpectedBy(attempt, policy)?.parties,
    };
  }

  async askGreylist(ruled: readonly Ruled[]): Promise<readonly Explanation[]> {
    const { providers } = this.#setup.ruleSet;
    const store = rehearse(this.#setup.store);
    const greylister = new Greylister(store, silentLogger, this.#clock);
    const expectedReplies = new ExpectedReplies(store, silentLogger, this.#clock);
    const byHand = new HandExceptions(store, silentLogger);
    const judges = { greylister, expectedReplies, providers, byHand };
    if (ruled.some((each) => this.#clientOfProvider(each) !== undefined)) await providers.refresh();
    const [first] = ruled;
    const sender = first?.attempt.sender ?? parseEnvelopeAddress('');
    const transaction = new Transaction(sender, first?.attempt.login);
    const heard = new Map<Ruled, Explanation>();
    const held = ruled.filter(({ stage }) => stage === 'data');
    const others = ruled.filter(({ stage }) => stage !== 'data');
    for (const each of others) heard.set(each, await this.#hear(each, transaction, judges));
    // As at DATA: those that are held share the clocks of all of them.
    if (held.length > 1) {
      for (const each of held) {
        transaction.shareClock(await clockOfRecipient(this.#case(each, transaction), judges));
      }
    }
    for (const each of held) heard.set(each, await this.#hear(each, transaction, judges));
    return ruled.flatMap((each) => heard.get(each) ?? []);
  }

  // Before RCPT a rule is asked only for what it can know by then.
  async #askEarly(
    judge: RuleJudge,
    submission: Submission,
  ): Promise<{ stage: Stage; ruling: Ruling; trail: TrailRecorder } | undefined> {
    const { attempt } = submission;
    const nobody = parseEnvelopeAddress('');
    const known = { ...attempt, recipient: nobody };
    const stages = [
      ['connect', { ...known, sender: nobody, helo: undefined, login: undefined }],
      ['helo', { ...known, sender: nobody, login: undefined }],
      ['mail', known],
    ] as const;
    const answersAt = (stage: Stage) => (rule: Rule) => rule.settings.stage === stage;
    for (const [stage, attemptSoFar] of stages) {
      if (!this.#policy.program.rules.some(answersAt(stage))) continue;
      const trail = new TrailRecorder();
      const asked = { ...submission, recipientsBefore: 0, attempt: attemptSoFar };
      const ruling = await judge.atStage(stage, asked, trail);
      const isAnswer = ruling?.action === 'tempfail' || ruling?.action === 'reject';
      if (ruling === undefined || !isAnswer) continue;
      if (this.#findTerms(ruling.settings, false).mode === 'enforce')
        return { stage, ruling, trail };
    }
    return undefined;
  }

  async #hear(ruled: Ruled, transaction: Transaction, judges: Judges): Promise<Explanation> {
    const { attempt, ruling, terms, stage } = ruled;
    const client = attempt.clientAddress;
    const perhaps = this.#clientOfProvider(ruled);
    const provider = perhaps && judges.providers.find(perhaps);
    const triplet =
      isGreylisted(ruled) && provider === undefined && client !== undefined
        ? partiesOf(attempt, client, this.#policy, terms.greylist)
        : undefined;
    const sources = triplet === undefined ? undefined : await this.#sourcesOf(triplet);
    const nothingHeard = {
      ...ruled,
      provider,
      answers: undefined,
      triplet,
      network: triplet === undefined ? undefined : clientNetwork(triplet),
      sources,
      client: triplet === undefined ? undefined : await this.#clientOf(attempt),
      decision: undefined,
      reply: undefined,
    };
    if (triplet !== undefined && this.#setup.store === undefined) return nothingHeard;
    const heard = await hearRecipient(this.#case(ruled, transaction), judges);
    transaction.shareClock(heard.clockAt);
    const { mode } = terms;
    const rule = ruling?.rule?.name;
    const circumstances = { attempt, stage, mode, rule, at: this.#mail.now, tookUs: 0 };
    const decision = decide(heard.finding, circumstances);
    const macro = (symbol: string): string | undefined => this.#mail.macros.get(symbol);
    return {
      ...nothingHeard,
      answers: heard.reply,
      decision,
      reply: describeReply(decision, ruled, { macro }),
    };
  }

  #clientOfProvider(ruled: Ruled): IpAddress | undefined {
    return isGreylisted(ruled) ? clientOfProvider(ruled, this.#policy) : undefined;
  }

  #case(recipient: Ruled, { clockAt }: Transaction): Case {
    const lookups = recipient.recorder.forRecipient(recipient.attempt.clientAddress);
    return { recipient, policy: this.#policy, lookups, clockAt, now: this.#mail.now };
  }

  async #sourcesOf(triplet: CorrespondenceParties): Promise<readonly SourceView[] | undefined> {
    const { store } = this.#setup;
    if (store === undefined) return undefined;
    const entry = await store.get(correspondenceKey(triplet));
    return entry === undefined ? [] : viewSources(entry.value, triplet, this.#mail.now);
  }

  async #clientOf(attempt: Attempt): Promise<ClientView | undefined> {
    const visit = clientVisit(attempt, this.#policy);
    const entry = visit && (await this.#setup.store?.get(visit.key));
    return entry && viewClient(entry.value, this.#mail.now);
  }

  #trustedNetwork({ clientAddress }: Attempt): string | undefined {
    return clientAddress === undefined
      ? undefined
      : this.#policy.trusted.find((network) => networkContains(network, clientAddress))?.text;
  }
}

function isRefused({ ruling }: Pick<Ruled, 'ruling'>): boolean {
  return ruling?.action === 'reject' || ruling?.action === 'tempfail';
}

function isGreylisted({ exemption, ruling }: Pick<Ruled, 'exemption' | 'ruling'>): boolean {
  return exemption === undefined && (ruling?.action ?? 'greylist') === 'greylist';
}

function clientNetwork({ client, network }: CorrespondenceParties): string {
  return networkOf(client, client.family === 4 ? network.ipv4 : network.ipv6).text;
}
