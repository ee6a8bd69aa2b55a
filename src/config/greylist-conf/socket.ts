import { readFileSync } from 'node:fs';

import { parseSocketAddress, isLocalSocket } from '../socket-address.js';
import type { Context } from './context.js';
import { absolutePath } from './paths.js';
import type { Mapping } from './placed.js';
import { portOf } from './service-ports.js';
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

/** As we write it: a port by its number, on all addresses if it names none; a path from / on. */
function addressOf(spec: string, place: Place, context: Context): string {
  const [, family, port = '', host] = /^(inet6?):([^@]*)(?:@(.*))?$/is.exec(spec) ?? [];
  if (family === undefined) return absoluteSpec(spec, place, context);
  const prefix = family.toLowerCase();
  const everywhere = prefix === 'inet6' ? '[::]' : '0.0.0.0';
  return `${prefix}:${numberOf(port, place, context)}@${host ?? everywhere}`;
}

/** Ports may be written by what they are for. */
function numberOf(port: string, place: Place, { findings }: Context): string {
  const number = portNumber(port);
  if (number !== undefined) return number;
  const problem = `has the port "${port}", which is none of /etc/services`;
  findings.wrong(place, 'socket', problem, 'write its number: "inet:10033@127.0.0.1"');
  return port;
}

/**
 * The number of a port that may be written by what it is for, as libmilter takes it.
 *
 * @returns undefined for a name that the system does not know; what is no name as it is
 */
export function portNumber(port: string): string | undefined {
  if (!/^[a-z][a-z0-9-]*$/i.test(port)) return port;
  return portOf(port, readServices())?.toString();
}

/** What ports are for, as the system has it; a system need not have it. */
function readServices(): string {
  try {
    return readFileSync('/etc/services', 'utf8');
  } catch {
    // Then no port has a name.
    return '';
  }
}

/** With the whole path of a socket that has one. */
function absoluteSpec(spec: string, place: Place, context: Context): string {
  const [, kind = '', path = ''] = /^(unix:|local:)?([^:]*)$/i.exec(spec) ?? [];
  if (path === '') return spec;
  return kind.toLowerCase() + (absolutePath({ path, place, kind: 'socket' }, context) ?? path);
}
