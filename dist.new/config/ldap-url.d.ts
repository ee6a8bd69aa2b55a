import type { LdapUrl } from '../rules/lookup-definitions.js';
import type { Parsed } from './parsed.js';
/** Reads the server of a directory. */
export declare function parseLdapServer(text: string): Parsed<string>;
/** Writes what {@link parseLdapServer} reads. */
export declare function formatLdapServer(server: string): string;
/**
 * Reads a URL of RFC 4516: `ldap://host/base?attributes?scope?filter`. Its host does not matter, and
 * like its extensions is left out; the scope is `base` and the filter `(objectClass=*)` if they are.
 */
export declare function parseLdapUrl(text: string): Parsed<LdapUrl>;
