import type { TestContext } from 'node:test';
import { parseConfig } from '../../../src/config/load.js';
import { ExpectedReplies } from '../../../src/daemon/greylisting/expected-replies.js';
import { FilterAnswers } from '../../../src/daemon/milter/filter-answers.js';
import { Greylister } from '../../../src/daemon/greylisting/greylister.js';
import type { FilterDependencies } from '../../../src/daemon/milter/milter-filter.js';
import { MilterSession } from '../../../src/daemon/milter/milter-session.js';
import { noProviders } from '../../../src/daemon/configuration/provider-watch.js';
import { TrustedWatch } from '../../../src/daemon/greylisting/trusted-watch.js';
import { createPolicy, type Policy } from '../../../src/daemon/policy/policy.js';
import type { Reply } from '../../../src/protocols/milter/index.js';
import { noProgram, type Program } from '../../../src/rules/rule.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';
import { createLookups } from '../../support/rule-parts.js';
import { createRecordingLogger, type RecordingLogger } from '../../support/recording-logger.js';
import { createContext } from './fake-context.js';
import { HookedStore } from './hooked-store.js';

/** Answers of a filter, and all that they are found with. */
export interface FilterRig {
  readonly answers: FilterAnswers;
  readonly policy: Policy;
  readonly dependencies: FilterDependencies;
  readonly clock: ManualClock;
  readonly store: HookedStore;
  readonly logger: RecordingLogger;
  /** RCPT as a client sends it in a transaction that is under way. */
  readonly rcpt: (session: MilterSession, address?: string) => Promise<string>;
}

/** Sets a filter up with these settings, on a store in memory. */
export function createFilterRig(t: TestContext, ...overrides: readonly string[]): FilterRig {
  return createRuledRig(t, {}, ...overrides);
}

/** The same with rules. */
export function createRuledRig(
  t: TestContext,
  program: Partial<Program>,
  ...overrides: readonly string[]
): FilterRig {
  const clock = createManualClock();
  const store = new HookedStore(new MemoryStore({ clock }));
  const logger = createRecordingLogger(t);
  const policy = createPolicy(parseConfig({ overrides }).config, { ...noProgram, ...program });
  let sessions = 0;
  const dependencies: FilterDependencies = {
    greylister: new Greylister(store, logger, clock),
    expectedReplies: new ExpectedReplies(store, logger, clock),
    providers: noProviders,
    clock,
    logger,
    lookups: { forRecipient: () => createLookups() },
    rates: { hit: () => 1 },
    watch: new TrustedWatch(logger),
    nextSessionId: () => `s${++sessions}`,
  };
  const answers = new FilterAnswers(policy, dependencies);
  const rcpt = async (session: MilterSession, address = 'bob@example.org'): Promise<string> =>
    textOf(await answers.rcpt(session, { address: `<${address}>`, args: [] }, createContext()));
  return { answers, policy, dependencies, clock, store, logger, rcpt };
}

/** A session of a client that has introduced itself. */
export function openClientSession(): MilterSession {
  const session = new MilterSession('s1');
  session.connect({
    hostName: 'mail.client.example',
    family: 'inet',
    port: 40_000,
    address: '192.0.2.1',
  });
  session.helo('mail.client.example');
  return session;
}

/** MAIL. */
export function beginMail(session: MilterSession, from = 'alice@client.example'): void {
  session.mail({ address: `<${from}>`, args: [] }, createContext());
}

/** The SMTP reply, or the kind of the answer. */
export function textOf({ kind, bytes }: Reply): string {
  return kind === 'replycode' ? bytes.toString('latin1', 5, bytes.length - 1) : kind;
}
