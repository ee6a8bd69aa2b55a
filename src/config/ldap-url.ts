import { parsePlainTemplate } from '../greylist/text-template.js';
import type { PlainTemplate, TemplateProblem } from '../greylist/text-template.js';
import type { LdapUrl } from '../rules/lookup-definitions.js';
import type { Parsed } from './parsed.js';

const HINT = "write it as in 'ldap:///dc=example,dc=org?mail?sub?(mail={recipient})'";

/** Reads the server of a directory. */
export function parseLdapServer(text: string): Parsed<string> {
  const hint = 'write it as in ldap://192.0.2.10, or ldaps://ldap.example.org:636';
  if (!/^ldaps?:\/\/[^/?#@\s]+\/?$/i.test(text) || !URL.canParse(text)) {
    return { problem: 'is no server of a directory', hint };
  }
  return { ok: text.replace(/\/$/, '') };
}

/** Writes what {@link parseLdapServer} reads. */
export function formatLdapServer(server: string): string {
  return server;
}

const SCOPES = ['base', 'one', 'sub'] as const;

/** How OpenLDAP's library lets them be written, too. */
const LONG_SCOPES: ReadonlyMap<string, string> = new Map([
  ['onelevel', 'one'],
  ['subtree', 'sub'],
]);

/**
 * Reads a URL of RFC 4516: `ldap://host/base?attributes?scope?filter`. Its host does not matter, and
 * like its extensions is left out; the scope is `base` and the filter `(objectClass=*)` if they are.
 */
export function parseLdapUrl(text: string): Parsed<LdapUrl> {
  const match = /^ldaps?:\/\/[^/?]*(?:\/(.*))?$/is.exec(text);
  if (match === null) return { problem: 'is no URL of a directory', hint: HINT };
  const [, rest = ''] = match;
  const [base = '', attributes = '', scope = '', filter = ''] = splitParts(rest);
  const word = scope.toLowerCase() || 'base';
  const known = SCOPES.find((one) => one === (LONG_SCOPES.get(word) ?? word));
  if (known === undefined) {
    return { problem: `has "${scope}" for a scope`, hint: `there are ${SCOPES.join(', ')}` };
  }
  const baseText = template(base);
  const filterText = template(filter === '' ? '(objectClass=*)' : filter);
  if ('problem' in baseText) return baseText;
  if ('problem' in filterText) return filterText;
  const names = attributes.split(',').flatMap((name) => (name === '' ? [] : [decode(name)]));
  return {
    ok: {
      text,
      base: baseText.ok,
      scope: known,
      filter: withParentheses(filterText.ok),
      attributes: names,
    },
  };
}

/** At question marks that are in no placeholder. */
function splitParts(text: string): readonly string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\{[^{}]*\}|[^?{]+|\{|\?/g)) {
    if (piece === '?') parts.push('');
    else parts.push(String(parts.pop()) + piece);
  }
  return parts;
}

function template(part: string): { readonly ok: PlainTemplate } | TemplateProblem {
  // Within placeholders a percent sign is one, as in {time:%H}.
  const pieces = [...part.matchAll(/\{\{|\{[^{}]*\}|[^{]+|\{/g)].map(([piece]) =>
    piece.startsWith('{') ? piece : decode(piece).replace(/\{/g, '{{'),
  );
  return parsePlainTemplate(pieces.join(''));
}

/** What is wrongly encoded stands for itself. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8');
  });
}

/** RFC 4515 wants them around each filter, and people leave the outermost out. */
function withParentheses(filter: PlainTemplate): PlainTemplate {
  const { literals } = filter;
  if (literals[0]?.startsWith('(') === true) return filter;
  const [first = '', ...more] = literals;
  const opened = [`(${first}`, ...more];
  const last = opened.pop() ?? '';
  return { ...filter, literals: [...opened, `${last})`] };
}
