import type { Parsed } from '../config/parsed.js';
import { parseGeneralPlaceholder, renderGeneral } from '../greylist/general-placeholder.js';
import type { GeneralPlaceholder } from '../greylist/general-placeholder.js';
import type { TemplateContext } from '../greylist/template-context.js';
import type { Attempt, Stage } from '../greylist/attempt.js';
import type { EnvelopeAddress } from '../mail/envelope-address.js';
import { networkOf } from '../mail/network.js';
import { latestStage } from './latest-stage.js';

/** When MTAs tell each field. */
const FIELDS = {
  all: 'connect',
  client: 'connect',
  network: 'connect',
  name: 'connect',
  helo: 'helo',
  login: 'mail',
  sender: 'mail',
  'sender-domain': 'mail',
  recipient: 'rcpt',
  'recipient-domain': 'rcpt',
} as const satisfies Readonly<Record<string, Stage>>;

type Field = keyof typeof FIELDS;

/** By what something is counted apart: fields of an attempt with text around them. */
export interface RateKey {
  /** As it was written. */
  readonly text: string;
  readonly fields: readonly (Field | GeneralPlaceholder)[];
  /** Before, between and behind the fields. */
  readonly literals: readonly string[];
}

const KNOWN = Object.keys(FIELDS).join(', ');

function isField(name: string): name is Field {
  return Object.hasOwn(FIELDS, name);
}

/** Doubled braces, which are braces; something in braces; text; and braces that are neither. */
const TOKENS = /(\{\{|\}\})|\{([^{}]*)\}|[^{}]+|[{}]/g;

/** Reads a field alone, `client`, or a template, `{client} {sender}`. */
export function parseRateKey(text: string): Parsed<RateKey> {
  if (isField(text)) return { ok: { text, fields: [text], literals: ['', ''] } };
  const nothing = {
    problem: 'names no field',
    hint: `write one of ${KNOWN}, or several as in '{client} {sender}'`,
  };
  const literals: string[] = [];
  const fields: (Field | GeneralPlaceholder)[] = [];
  let literal = '';
  for (const [token, braces, name] of text.matchAll(TOKENS)) {
    if (name !== undefined) {
      const field = parseField(name);
      if ('problem' in field) return field;
      fields.push(field.ok);
      literals.push(literal);
      literal = '';
    } else if (token === '{' || token === '}') return nothing;
    else literal += braces === undefined ? token : token.charAt(0);
  }
  if (fields.length === 0) return nothing;
  return { ok: { text, fields, literals: [...literals, literal] } };
}

function parseField(name: string): Parsed<Field | GeneralPlaceholder> {
  if (isField(name)) return { ok: name };
  const hint = `there are ${KNOWN}, and the placeholders of any text`;
  return parseGeneralPlaceholder(name) ?? { problem: `has an unknown field {${name}}`, hint };
}

/** Writes what {@link parseRateKey} reads. */
export function formatRateKey(key: RateKey): string {
  return key.text;
}

/** The first stage at which all fields are known. */
export function stageOfRateKey({ fields }: RateKey): Stage {
  return latestStage(fields.map(stageOfField));
}

function stageOfField(field: Field | GeneralPlaceholder): Stage {
  if (typeof field === 'string') return FIELDS[field];
  const { name } = field;
  if (/^(?:client|mta|time$|utc|version|date)/.test(name)) return 'connect';
  return /^(?:sender|triplet)/.test(name) ? 'mail' : 'rcpt';
}

/** The key by which it is counted, in which no value can pass for two, and the text for people. */
export function renderRateKey(
  { fields, literals }: RateKey,
  texts: TemplateContext,
): { readonly key: string; readonly text: string } {
  const values = fields.map((field) =>
    typeof field === 'string' ? valueOf(field, texts.attempt) : renderGeneral(field, texts),
  );
  const text = literals.map((literal, index) => literal + (values[index] ?? '')).join('');
  return { key: values.join('\0'), text };
}

/** What counts as one network, as for the triplets unless told otherwise. */
const NETWORK_BITS = { 4: 24, 6: 64 } as const;

function valueOf(field: Field, attempt: Attempt): string {
  const { clientAddress, sender, recipient } = attempt;
  switch (field) {
    case 'all':
      return 'all';
    case 'client':
      return clientAddress?.text ?? 'no address';
    case 'network':
      return clientAddress === undefined
        ? 'no address'
        : networkOf(clientAddress, NETWORK_BITS[clientAddress.family]).text;
    case 'name':
      return attempt.clientName ?? 'no name';
    case 'helo':
      return attempt.helo?.toLowerCase() ?? 'no HELO';
    case 'login':
      return attempt.login ?? 'no login';
    case 'sender':
      return addressText(sender);
    case 'sender-domain':
      return sender.domain === '' ? '<>' : sender.domain;
    case 'recipient':
      return addressText(recipient);
    case 'recipient-domain':
      return recipient.domain;
  }
}

function addressText({ localPart, domain }: EnvelopeAddress): string {
  if (domain === '') return localPart === '' ? '<>' : localPart.toLowerCase();
  return `${localPart.toLowerCase()}@${domain}`;
}
