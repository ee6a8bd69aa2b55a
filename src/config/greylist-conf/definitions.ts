import type { Context } from './context.js';
import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import type { GreylistConf, Setting } from './syntax.js';
import { toTemplate } from './template.js';

/** What answers become, and for how long. */
const SCOPES = { none: undefined, session: 'message', recipient: 'recipient' } as const;

/** Web servers and directories that are asked, by the names that rules use. */
export function translateDefinitions({ statements }: GreylistConf, context: Context): Mapping {
  const directory = statements.findLast((one) => one.kind === 'ldapconf');
  if (directory?.bind !== undefined) {
    const problem = 'has a password in it: nobody else should be able to read the file';
    const hint =
      'in a greymilter.yaml, lookups.ldap.bind.password-file can name another file for it';
    context.findings.note(directory.place, 'ldapconf', problem, hint);
  }
  const lookups: Mapping = {
    urls: filled(context.urls.values(), (check) => ({
      url: toTemplate(check.url).text,
      connections: Math.min(Math.max(check.connections, 1), 100),
      encode: check.isEncoded ? undefined : false,
      properties: SCOPES[check.properties],
      'post-message': check.postsMessage ? true : undefined,
    })),
    ldap: directory === undefined ? undefined : at(directory.place, writeDirectory(directory)),
    'ldap-queries': filled(context.ldap.values(), (check) => ({
      url: toTemplate(check.url).text,
      escape: check.isEscaped ? undefined : false,
      match: check.isMatch || context.flags.has('fixldapcheck') ? undefined : false,
      properties: SCOPES[check.properties],
    })),
  };
  return Object.values(lookups).some((part) => part !== undefined) ? { lookups } : {};
}

/** Undefined if there is none. */
function filled<T extends { readonly name: string; readonly place: Placing }>(
  definitions: Iterable<T>,
  write: (definition: T) => Mapping,
): Node {
  const entries = [...definitions].map((one) => [one.name, at(one.place, write(one))] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

type Placing = Parameters<typeof at>[0];

/** The longest that a client is let wait for an answer, in seconds. */
const LONGEST_TIMEOUT = 8;

function writeDirectory({
  servers,
  timeoutSeconds,
  bind,
}: Extract<Setting, { readonly kind: 'ldapconf' }>): Mapping {
  const timeout = Math.min(Math.max(timeoutSeconds ?? 0, 1), LONGEST_TIMEOUT);
  return {
    servers,
    timeout: timeoutSeconds === undefined ? undefined : `${timeout}s`,
    bind: bind && { dn: bind.dn, password: bind.password },
  };
}
