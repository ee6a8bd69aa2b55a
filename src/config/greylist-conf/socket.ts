import { parseSocketAddress, isLocalSocket } from '../socket-address.js';
import type { Context } from './context.js';
import { absolutePath } from './paths.js';
import type { Mapping } from './placed.js';
import type { Setting } from './syntax.js';
import type { Place } from '../yaml-text.js';

type Socket = Extract<Setting, { readonly kind: 'socket' }> & { readonly place: Place };

/** Where the MTA reaches the filter. */
export function translateSocket({ spec, mode, place }: Socket, context: Context): Mapping {
  const { findings } = context;
  const portAlone = /^(inet6?):(\d+)$/.exec(spec);
  const everywhere = portAlone?.[1] === 'inet6' ? '[::]' : '0.0.0.0';
  const address =
    portAlone === null
      ? absoluteSpec(spec, place, context)
      : `${portAlone[1] ?? ''}:${portAlone[2] ?? ''}@${everywhere}`;
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

/** With the whole path of a socket that has one. */
function absoluteSpec(spec: string, place: Place, context: Context): string {
  const [, kind = '', path = ''] = /^(unix:|local:)?([^:]*)$/i.exec(spec) ?? [];
  if (path === '') return spec;
  return kind + (absolutePath({ path, place, kind: 'socket' }, context) ?? path);
}
