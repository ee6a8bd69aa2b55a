import { networkOf } from '../mail/network.js';
import { formatTime, utcOffset } from './strftime.js';
import type { TemplateContext } from './template-context.js';
import { formatMailDate } from './mail-date.js';
import type { TemplateProblem } from './text-template.js';

/** A placeholder that stands in any text: `{helo}`, `{macro:j}`. */
export interface GeneralPlaceholder {
  readonly name: string;
  /** Behind the colon; empty for those without one. */
  readonly argument: string;
}

type Render = (context: TemplateContext, argument: string) => string | undefined;

/** Both local part and site of an address without an `@` are all of it. */
const localPart = (address: string): string =>
  address.includes('@') ? address.slice(0, address.lastIndexOf('@')) : address;
const site = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

const sender: Render = ({ attempt }) => attempt.sender.text;
const tripletSender = (context: TemplateContext): string =>
  context.tripletSender ?? context.attempt.sender.text;
const recipient: Render = ({ attempt }) => attempt.recipient.text;

function clientName({ attempt: { clientName: name, clientAddress } }: TemplateContext): string {
  return name ?? (clientAddress === undefined ? '' : `[${clientAddress.text}]`);
}

function reversed(address: string): string {
  return address.includes(':') ? address : address.split('.').toReversed().join('.');
}

const hours = (ms: number): number => Math.floor(ms / 3_600_000);
const minutes = (ms: number): number => Math.floor(ms / 60_000) % 60;
const seconds = (ms: number): number => Math.floor(ms / 1000) % 60;
const two = (value: number): string => String(value).padStart(2, '0');

/** The forms of a time: `HH:MM:SS`, all of it in seconds, and its parts. */
function timeForms(name: string, of: (context: TemplateContext) => number | undefined) {
  const form =
    (format: (ms: number) => string): Render =>
    (context) =>
      format(Math.max(0, of(context) ?? 0));
  return {
    [name]: form((ms) => [hours(ms), minutes(ms), seconds(ms)].map(two).join(':')),
    [`${name}-total`]: form((ms) => String(Math.floor(ms / 1000))),
    [`${name}-hours`]: form((ms) => String(hours(ms))),
    [`${name}-minutes`]: form((ms) => String(minutes(ms))),
    [`${name}-seconds`]: form((ms) => String(seconds(ms))),
  };
}

/** Those without an argument. */
const PLAIN: Readonly<Record<string, Render>> = {
  sender,
  'sender-local-part': ({ attempt }) => localPart(attempt.sender.text),
  'sender-site': ({ attempt }) => site(attempt.sender.text),
  'triplet-sender': tripletSender,
  'triplet-sender-local-part': (context) => localPart(tripletSender(context)),
  'triplet-sender-site': (context) => site(tripletSender(context)),
  recipient,
  'recipient-local-part': ({ attempt }) => localPart(attempt.recipient.text),
  'recipient-site': ({ attempt }) => site(attempt.recipient.text),
  'client-address': ({ attempt }) => attempt.clientAddress?.text,
  'client-reversed': ({ attempt }) => reversed(attempt.clientAddress?.text ?? ''),
  'client-name': clientName,
  'client-name-first': (context) => clientName(context).replace(/\..*$/s, ''),
  'client-name-rest': (context) => clientName(context).replace(/^[^.]*\./, ''),
  helo: ({ attempt }) => attempt.helo,
  login: ({ attempt }) => attempt.login,
  'queue-id': ({ attempt }) => attempt.id,
  'mta-host': ownHost,
  'local-address': localAddress,
  code: ({ reply }) => reply?.code?.toString(),
  enhanced: ({ reply }) => reply?.enhanced,
  reply: ({ reply }) => reply?.text,
  report: ({ reply }) => reply?.report,
  verdict: ({ decision }) => decision?.verdict,
  reason: ({ decision }) => decision?.reason,
  rule: ({ rule }) => rule?.name,
  'rule-line': ({ rule }) => rule?.line?.toString() ?? '(none)',
  ...timeForms('elapsed', ({ elapsedMs }) => elapsedMs),
  ...timeForms('remaining', ({ remainingMs }) => remainingMs),
  'utc-offset': ({ now, timeZone }) => utcOffset(now, timeZone()),
  version: ({ version }) => version,
  date: ({ now }) => formatMailDate(now),
  'version-line': (context) =>
    `greymilter-${context.version} (${ownHost(context)} [${localAddress(context)}]); ${formatMailDate(context.now)} (UTC)`,
};

interface WithArgument {
  readonly form: RegExp;
  /** Shows how it is written. */
  readonly example: string;
  readonly render: Render;
}

/** Those that say behind a colon what they are about. */
const WITH_ARGUMENT: Readonly<Record<string, WithArgument>> = {
  macro: { form: /^(?:\w+|\{\w+\})$/, example: '{macro:auth_type}', render: macro },
  property: {
    form: /^[\w-]+$/,
    example: '{property:quota}',
    render: ({ properties }, name) => properties?.get(name.toLowerCase())?.at(-1),
  },
  found: {
    form: /^[a-z-]+$/,
    example: '{found:country}',
    render: ({ found }, name) => found?.get(name),
  },
  group: {
    form: /^[1-9]\d?$/,
    example: '{group:1}',
    render: (context, number) => context.groups?.()[Number(number) - 1],
  },
  'client-masked': {
    form: /^(?:\d|[1-9]\d|1[01]\d|12[0-8])$/,
    example: '{client-masked:24}',
    render: masked,
  },
  time: {
    form: /^[^{}]+$/,
    example: '{time:%Y-%m-%d}',
    render: ({ now, timeZone }, format) => formatTime(format, now, timeZone()),
  },
};

function macro(context: TemplateContext, name: string): string | undefined {
  return context.macro(name.length === 1 || name.startsWith('{') ? name : `{${name}}`);
}

function masked({ attempt: { clientAddress } }: TemplateContext, bits: string): string | undefined {
  if (clientAddress === undefined) return undefined;
  const most = clientAddress.family === 4 ? 32 : 128;
  const { text } = networkOf(clientAddress, Math.min(Number(bits), most));
  return text.slice(0, text.indexOf('/'));
}

/** The MTA's own name. */
function ownHost(context: TemplateContext): string {
  return context.macro('j') ?? context.host;
}

/** The address at which the MTA was reached; Sendmail writes `IPv6:` before those. */
function localAddress(context: TemplateContext): string {
  return context.macro('{if_addr}')?.replace(/^IPv6:/i, '') ?? '0.0.0.0';
}

/** Reads what stands between the braces; undefined if it is none of these. */
export function parseGeneralPlaceholder(
  written: string,
): { readonly ok: GeneralPlaceholder } | TemplateProblem | undefined {
  const colon = written.indexOf(':');
  if (colon < 0) {
    return Object.hasOwn(PLAIN, written) ? { ok: { name: written, argument: '' } } : undefined;
  }
  const [name, argument] = [written.slice(0, colon), written.slice(colon + 1)];
  const kind = Object.hasOwn(WITH_ARGUMENT, name) ? WITH_ARGUMENT[name] : undefined;
  if (kind === undefined) return undefined;
  if (kind.form.test(argument)) return { ok: { name, argument } };
  return {
    problem: `has a wrong placeholder {${written}}`,
    hint: `write it as in ${kind.example}`,
  };
}

/** The macros that placeholders show, for the MTA to be asked for. */
export function macrosOf(
  placeholders: readonly (GeneralPlaceholder | string)[],
): readonly string[] {
  return placeholders.flatMap((placeholder) => {
    if (typeof placeholder === 'string' || placeholder.name !== 'macro') return [];
    const { argument } = placeholder;
    return [argument.length === 1 || argument.startsWith('{') ? argument : `{${argument}}`];
  });
}

/** The value as it is: whoever shows it makes it safe. */
export function renderGeneral(
  { name, argument }: GeneralPlaceholder,
  context: TemplateContext,
): string {
  const render = PLAIN[name] ?? WITH_ARGUMENT[name]?.render;
  return render?.(context, argument) ?? '';
}
