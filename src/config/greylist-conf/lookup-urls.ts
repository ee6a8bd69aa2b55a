import { parseLdapServer, parseLdapUrl } from '../ldap-url.js';
import { parseUrl } from '../server-lookups.js';
import type { LdapCheck, UrlCheck } from './context.js';
import type { Stage } from './syntax.js';
import { toTemplate, withoutRecipient } from './template.js';

/**
 * At which stage somebody is asked, for whom that makes a difference: a URL that names the recipient is
 * another one where there is a message, and no recipient.
 */
export function stageOf({ url }: Pick<UrlCheck | LdapCheck, 'url'>, stage: Stage): Stage {
  return withoutRecipient(url).parts.length < url.parts.length ? stage : 'rcpt';
}

/** Where a web server is asked, as we write it; undefined for what we do not ask. */
export function urlOf({ url }: Pick<UrlCheck, 'url'>): string | undefined {
  const text = withScheme(toTemplate(url).text.trim()).replaceAll(' ', '%20');
  return 'ok' in parseUrl(text) ? text : undefined;
}

/** What is wrong with a URL that we do not ask. */
export function doubtOf({ url }: Pick<UrlCheck, 'url'>): string {
  const text = withScheme(toTemplate(url).text.trim());
  const [, server = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  if (/[{}]/.test(server)) return 'would let whoever sends mail choose the server that is asked';
  return /^https?:/i.test(text) ? 'has no URL that can be' : 'is asked by HTTP alone here';
}

/** The library that milter-greylist asks with takes what names no scheme for HTTP. */
function withScheme(text: string): string {
  return text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
}

/** Where a directory is asked, as we write it; undefined for what is no URL of one. */
export function ldapUrlOf({ url }: Pick<LdapCheck, 'url'>): string | undefined {
  const { text } = toTemplate(url);
  return 'ok' in parseLdapUrl(text) ? text : undefined;
}

/** A server of a directory without what does not matter behind its name; undefined for others. */
export function ldapServerOf(written: string): string | undefined {
  const [, scheme, host, rest = ''] = /^(ldaps?:\/\/)([^/]*)(\/.*)?$/is.exec(written) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const text = `${scheme}${host === '' ? 'localhost' : host}${rest === '' ? '' : '/'}`;
  const parsed = parseLdapServer(text);
  return 'ok' in parsed ? parsed.ok : undefined;
}
