import assert from 'node:assert/strict';
import { commandTable } from '../../../../../src/protocols/milter/commands.js';
import type { FilterFault } from '../../../../../src/protocols/milter/mta/faults.js';
import { MtaSession } from '../../../../../src/protocols/milter/mta/mta-session.js';
import { mtaProfiles, type MtaProfile } from '../../../../../src/protocols/milter/mta/profiles.js';
import { PayloadReader } from '../../../../../src/protocols/milter/payload-reader.js';
import type { Conversation } from '../../../../fixtures/traces/read-conversations.js';
import { packet } from '../../../../support/packet-builder.js';
import { recordedSteps } from '../recorded-dialogue.js';
import { scriptOf, type ScriptStep } from './recorded-script.js';
import { scriptedFilter } from './scripted-filter.js';

/** `milter_connect_macros` of the Postfix of some scenarios, as its administrator had set it. */
const administrated = [
  ...['j', '{daemon_name}', '{daemon_addr}', '{daemon_port}', 'v', '_', '{client_addr}'],
  ...['{client_name}', '{client_port}', '{client_ptr}', '{client_resolve}'],
  '{client_connections}',
];

/** The MTA, and the process of it, that a conversation was recorded with. */
export function profileOf({ mta, name }: Conversation): MtaProfile {
  if (mta === 'sendmail') return mtaProfiles.sendmail;
  if (/^2(62|68|69|73)-/.test(name)) {
    const { macros } = mtaProfiles.postfix;
    return { ...mtaProfiles.postfix, macros: { ...macros, connect: administrated } };
  }
  // What was discarded before its content came is filtered once more, as a local submission.
  const isLocal = /^30[2-6]-|-discard A2$/.test(name);
  return isLocal ? mtaProfiles.postfixLocal : mtaProfiles.postfix;
}

/** What came of a conversation that was played again. */
export interface Played {
  /** The packets that the MTA's end sent. */
  readonly sent: readonly Buffer[];
  /** The error that ended the session, if one did. */
  readonly code: string | undefined;
  readonly faults: readonly FilterFault[];
}

/** Plays the SMTP session of a conversation against a filter that answers as it was recorded. */
export async function play(
  conversation: Conversation,
  options: { readonly lenient: boolean; readonly answerMs?: number },
): Promise<Played> {
  const filter = scriptedFilter(conversation);
  const faults: FilterFault[] = [];
  let macros: ReadonlyMap<string, string> = new Map();
  const [first] = conversation.packets;
  assert.ok(first);
  const mta = new MtaSession(filter.stream, {
    answerMs: conversation.name.includes('silent') ? 20 : 5000,
    ...options,
    profile: profileOf(conversation),
    offer: commandTable.negotiate.decode(new PayloadReader(first.payload, 0, first.payload.length)),
    macros: (symbol) => macros.get(symbol),
    observe: (fault) => faults.push(fault),
  });
  const steps = recordedSteps(conversation);
  const isRaw = (steps & 0x100000) !== 0;
  await attempt(mta, () => mta.open());
  for (const step of scriptOf(conversation, steps)) {
    macros = step.macros;
    await attempt(mta, () => take(mta, step, isRaw));
  }
  mta.abandon();
  return { sent: filter.received, code: mta.error?.code, faults };
}

/** What an MTA sent when it was recorded. */
export function sentIn({ packets }: Conversation): Buffer[] {
  return packets
    .filter(({ from }) => from === 'mta')
    .map(({ command, payload }) => packet(command, payload));
}

// A session that has failed fails every event the same way.
async function attempt(mta: MtaSession, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    assert.equal(error, mta.error);
  }
}

function take(mta: MtaSession, step: ScriptStep, isRaw: boolean): unknown {
  switch (step.does) {
    case 'connect':
      return mta.connect(step.event);
    case 'helo':
      return mta.helo(step.name);
    case 'mail':
      return mta.mail(step.address, step.args);
    case 'rcpt': {
      const refusal = step.isRefused ? { enhanced: '5.1.1', text: 'no' } : undefined;
      return mta.rcpt(step.address, step.args, refusal);
    }
    case 'data':
      return mta.data();
    case 'header':
      return mta.header(step.name, isRaw ? step.value : ` ${step.value}`);
    case 'eoh':
      return mta.eoh();
    case 'body':
      return mta.body(step.chunk);
    case 'eom':
      return mta.endOfMessage();
    case 'unknown':
      return mta.unknown(step.line);
    case 'quit':
      return mta.quit();
    case 'drop':
      return mta.drop();
    case 'reset':
      mta.reset();
      return undefined;
    case 'startTls':
      mta.startTls();
      return undefined;
  }
}
