import { parseSocketAddress, isLocalSocket } from '../socket-address.js';
import type { Context } from './context.js';
import { readInetAddress, type LibmilterAddress } from './libmilter-address.js';
import { absolutePath } from './paths.js';
import type { Mapping } from './placed.js';
import type { Setting } from './syntax.js';
import type { Place } from '../yaml-text.js';

type Socket = Extract<Setting, { readonly kind: 'socket' }> & { readonly place: Place };

/** Where the MTA reaches the filter. */
export function translateSocket({ spec, mode, place }: Socket, context: Context): Mapping {
  const { findings } = context;
  if (spec === '') {
    const hint = 'write where the MTA reaches the filter: "/run/greymilter/milter.sock"';
    findings.note(place, 'socket', 'names none, and has no effect', hint);
    return {};
  }
  const address = addressOf(spec, place, context);
  const parsed = parseSocketAddress(address);
  const isOpen = 'ok' in parsed && !isLocalSocket(parsed.ok);
  if (isOpen) {
    const hint = 'put your MTAs into listen.allow instead, by --set listen.allow=[192.0.2.25]';
    const problem = 'can be reached by anybody, as with milter-greylist';
    findings.note(place, 'socket', problem, hint);
  }
  const octal = mode === undefined ? undefined : `0${mode.toString(8).padStart(3, '0')}`;
  return {
    listen: {
      milter: address,
      socket: octal === undefined ? undefined : { mode: octal },
      allow: isOpen ? ['0.0.0.0/0', '::/0'] : undefined,
    },
  };
}

/** As we write it: a port by its number, a host by its address; a path from / on. */
function addressOf(spec: string, place: Place, context: Context): string {
  const inet = readInetAddress(spec);
  if (inet === undefined) return absoluteSpec(spec, place, context);
  if (inet.unknown !== undefined) complain(inet.unknown, place, context);
  return inet.address;
}

function complain(
  { kind, name }: NonNullable<LibmilterAddress['unknown']>,
  place: Place,
  { findings }: Context,
): void {
  const [problem, hint] =
    kind === 'port'
      ? [`has the port "${name}", which is none of /etc/services`, 'write its number']
      : [`has the host "${name}", for which the system has no address`, 'write its address'];
  findings.wrong(place, 'socket', problem, `${hint}: "inet:10033@127.0.0.1"`);
}

/** With the whole path of a socket that has one. */
function absoluteSpec(spec: string, place: Place, context: Context): string {
  const [, kind = '', path = ''] = /^(unix:|local:)?([^:]*)$/i.exec(spec) ?? [];
  if (path === '') return spec;
  return kind.toLowerCase() + (absolutePath({ path, place, kind: 'socket' }, context) ?? path);
}
