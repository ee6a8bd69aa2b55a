import { familyBytes } from './decode-event.js';
import type {
  BodyEvent,
  ConnectEvent,
  EmptyEvent,
  EnvelopeEvent,
  HeaderEvent,
  HeloEvent,
  MacroEvent,
  Offer,
  UnknownEvent,
} from './events.js';
import type { PacketOutput } from './packet-output.js';

/**
 * How an MTA writes addresses: Postfix IPv6 compressed and without a prefix, and an address that it
 * does not know as family 4 with the address `unknown`; Sendmail IPv6 in full with a prefix, and an
 * unknown address as family `U` alone.
 */
export type AddressForm = 'postfix' | 'sendmail';

/** Writes the payload of one command; the inverse of its decoder. */
export type EncodeEvent<Event> = (event: Event, out: PacketOutput, form: AddressForm) => void;

export const encodeOffer: EncodeEvent<Offer> = (event, out) => {
  out.uint32(event.version);
  out.uint32(event.actions);
  out.uint32(event.steps);
};

/** No payload at all if there is no command. */
export const encodeMacro: EncodeEvent<MacroEvent> = (event, out) => {
  if (event.command === 0) return;
  out.byte(event.command);
  out.text(event.pairs, 'latin1');
};

export const encodeConnect: EncodeEvent<ConnectEvent> = (event, out, form) => {
  out.string(event.hostName);
  if (event.family === 'unknown') {
    encodeUnknownAddress(event, out, form);
    return;
  }
  out.byte(familyBytes[event.family]);
  out.uint16(event.port);
  out.string(
    event.family === 'inet6' && form === 'sendmail'
      ? `IPv6:${expandIpv6(event.address)}`
      : event.address,
  );
};

function encodeUnknownAddress(event: ConnectEvent, out: PacketOutput, form: AddressForm): void {
  out.byte(form === 'postfix' ? familyBytes.inet : familyBytes.unknown);
  if (form !== 'postfix') return;
  out.uint16(event.port);
  out.string('unknown');
}

/** All eight groups, as Sendmail writes them: `::1` is `0:0:0:0:0:0:0:1`. */
export function expandIpv6(address: string): string {
  const [before = '', after] = address.replace(/[\d.]+\.\d+$/, asGroups).split('::');
  if (after === undefined) return before;
  const left = before === '' ? [] : before.split(':');
  const right = after === '' ? [] : after.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].join(':');
}

/** An address that ends like an IPv4 one, `::192.0.2.7`. */
function asGroups(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

export const encodeHelo: EncodeEvent<HeloEvent> = (event, out) => out.string(event.name);

export const encodeEnvelope: EncodeEvent<EnvelopeEvent> = (event, out) => {
  out.string(event.address);
  for (const argument of event.args) out.string(argument);
};

export const encodeHeader: EncodeEvent<HeaderEvent> = (event, out) => {
  out.string(event.name);
  out.string(event.value);
};

export const encodeBody: EncodeEvent<BodyEvent> = (event, out) => out.bytes(event.chunk);

export const encodeUnknown: EncodeEvent<UnknownEvent> = (event, out) => out.string(event.line);

export const encodeNothing: EncodeEvent<EmptyEvent> = () => undefined;
