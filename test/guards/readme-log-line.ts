import type { Attempt, Stage } from '../../src/greylist/attempt.js';
import type { Acceptance, Decision, Deferral, Mode } from '../../src/greylist/decision.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../src/mail/ip-address.js';
import { jsonFormat } from '../../src/telemetry/json-format.js';
import { textFormat } from '../../src/telemetry/text-format.js';
import { createTimeStamp } from '../../src/telemetry/time-stamp.js';

/** The fields of a line, by name. */
export type LogLineFields = Readonly<Record<string, string | number | undefined>>;

/** A line of the text format; a message has words in front of its fields. */
export interface TextLine {
  readonly time: string;
  readonly level: string;
  readonly message: string;
  readonly fields: LogLineFields;
}

/** Reads a line as any reader of logfmt would. */
export function readTextLine(line: string): TextLine {
  const [, time = '', level = '', rest = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
  const pairs = [...rest.matchAll(/(?:^| )([a-z-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)];
  const fields = Object.fromEntries(
    pairs.map(([, name = '', value = '']) => [
      name,
      value.startsWith('"') ? unquote(value) : value,
    ]),
  );
  const message = rest.slice(0, pairs[0]?.index ?? rest.length);
  return { time, level, message, fields };
}

function unquote(value: string): string {
  return String(JSON.parse(value));
}

/** What the text format makes of a decision with these fields. */
export function formatTextDecision(time: string, fields: LogLineFields): string {
  return textFormat.decision(stampOf(time), decisionOf(time, fields));
}

/** The same in JSON. */
export function formatJsonDecision(time: string, fields: LogLineFields): string {
  return jsonFormat.decision(stampOf(time), decisionOf(time, fields));
}

function stampOf(time: string): string {
  return createTimeStamp()(Date.parse(time));
}

/** The decision that a line tells of; what the line does not say is left to its own defaults. */
function decisionOf(time: string, fields: LogLineFields): Decision {
  const text = (name: string): string | undefined => fields[name]?.toString();
  const number = (name: string): number | undefined =>
    fields[name] === undefined ? undefined : Number(fields[name]);
  const attempt: Attempt = {
    id: text('id') ?? '',
    via: 'milter',
    clientAddress: parseIpAddress(text('client') ?? ''),
    clientPort: 25,
    clientName: text('name'),
    helo: text('helo'),
    sender: parseEnvelopeAddress(text('from') ?? ''),
    recipient: parseEnvelopeAddress(text('to') ?? ''),
    login: undefined,
    daemonName: undefined,
    accessMap: undefined,
  };
  const circumstances = {
    attempt,
    // The guard compares what comes out with the line, and reasons and stages with the source.
    stage: text('stage') as Stage,
    rule: text('rule'),
    mode: (text('mode') ?? 'enforce') as Mode,
    at: Date.parse(time),
    tookUs: number('took') ?? 0,
    attempts: number('attempt'),
    identity: text('identity') as Decision['identity'],
  };
  const would = text('would') ?? text('verdict');
  const refused = { reason: 'rule', attempts: undefined, identity: undefined } as const;
  if (would === 'reject' || would === 'discard' || would === 'quarantine') {
    const said = text('verdict') === 'accept' ? 'accept' : would;
    return { ...circumstances, verdict: said, would, ...refused };
  }
  const verdict = text('verdict') === 'accept' ? 'accept' : 'tempfail';
  if ((text('would') ?? verdict) === 'accept') {
    const delayed = number('delayed');
    const reason = text('reason') as Acceptance['reason'];
    const delayedMs = delayed === undefined ? undefined : delayed * 1000;
    return { ...circumstances, verdict: 'accept', would: 'accept', reason, delayedMs };
  }
  const wait = number('wait');
  const reason = text('reason') as Deferral['reason'];
  const waitMs = wait === undefined ? undefined : wait * 1000;
  return { ...circumstances, verdict, would: 'tempfail', reason, waitMs };
}
