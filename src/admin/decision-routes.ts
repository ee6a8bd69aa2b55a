import type { Hono } from 'hono';
import type { Decision } from '../greylist/decision.js';
import { networkOf } from '../mail/network.js';
import { knownReasons, knownVerdicts } from '../telemetry/decision-counts.js';
import { readDecision } from '../telemetry/decision-fields.js';
import type { AdminDependencies } from './admin-dependencies.js';
import { AdminError } from './admin-error.js';
import { jsonLines } from './json-lines-type.js';
import { createLiveStream } from './live-stream.js';
import { refuseUnknown } from './query.js';
import { addressFilter, overlaps, readNetwork } from './record-filter.js';

/** Of IPv6; more than there are mean all of them. */
const ADDRESS_BITS = 128;

/** Which decisions are wanted, as it is written; what is absent makes no difference. */
export interface DecisionFilterTexts {
  /** An address or a network. */
  readonly client?: string | undefined;
  /** `local@domain`, `@domain`, `local@`, or `<>`, as the MTA has it. */
  readonly sender?: string | undefined;
  /** The same. */
  readonly recipient?: string | undefined;
  readonly verdict?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Decisions while they are made: `{"decision": {…}}`, with the fields of the log in JSON, and the
 * lines of {@link createLiveStream}.
 */
export function addDecisionRoutes(app: Hono, { decisions }: AdminDependencies): void {
  app.get('/v1/decisions', (context) => {
    const texts: DecisionFilterTexts = context.req.query();
    refuseUnknown(texts, ['client', 'sender', 'recipient', 'verdict', 'reason']);
    const isWanted = parseDecisionFilter(texts);
    const stream = createLiveStream<Decision>({
      listen: (tell) =>
        decisions.listen((decision) => {
          if (isWanted(decision)) tell(decision);
        }),
      show: (decision) => ({
        decision: { time: new Date(decision.at).toISOString(), ...readDecision(decision) },
      }),
    });
    return context.body(stream, 200, jsonLines);
  });
}

/** @throws AdminError ADMIN_BAD_REQUEST */
export function parseDecisionFilter(texts: DecisionFilterTexts): (decision: Decision) => boolean {
  const network = texts.client === undefined ? undefined : readNetwork(texts.client);
  const isSender = addressFilter(texts.sender);
  const isRecipient = addressFilter(texts.recipient);
  const verdict = readWord('verdict', texts.verdict, knownVerdicts);
  const reason = readWord('reason', texts.reason, knownReasons);
  return (decision) => {
    const { clientAddress, sender, recipient } = decision.attempt;
    if (verdict !== undefined && verdict !== decision.verdict) return false;
    if (reason !== undefined && reason !== decision.reason) return false;
    if (!isSender(sender.text) || !isRecipient(recipient.text)) return false;
    if (network === undefined) return true;
    if (clientAddress === undefined) return false;
    return overlaps(network, networkOf(clientAddress, ADDRESS_BITS));
  };
}

function readWord(
  name: string,
  text: string | undefined,
  known: readonly string[],
): string | undefined {
  if (text === undefined || known.includes(text)) return text;
  const message = `${name}: "${text}" is none of ${known.join(', ')}`;
  throw new AdminError('ADMIN_BAD_REQUEST', message);
}
