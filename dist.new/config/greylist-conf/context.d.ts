import { Findings } from './findings.js';
import type { Definition, Flag, GreylistConf, List, Statement, TarpitScope } from './syntax.js';
export type Dnsrbl = Extract<Definition, {
    readonly kind: 'dnsrbl';
}>;
export type SendmailMacro = Extract<Definition, {
    readonly kind: 'sm_macro';
}>;
export type UrlCheck = Extract<Definition, {
    readonly kind: 'urlcheck';
}>;
export type LdapCheck = Extract<Definition, {
    readonly kind: 'ldapcheck';
}>;
export type RateLimit = Extract<Definition, {
    readonly kind: 'ratelimit';
}>;
/** Something that is defined, with the statement that does it. */
export type Defined<T> = T & Pick<Statement, 'place' | 'lastLine'>;
/** What the translation of one file knows, and what it has found so far. */
export interface Context {
    readonly findings: Findings;
    readonly flags: ReadonlySet<Flag>;
    readonly dnsrbl: ReadonlyMap<string, Defined<Dnsrbl>>;
    readonly macros: ReadonlyMap<string, Defined<SendmailMacro>>;
    readonly urls: ReadonlyMap<string, Defined<UrlCheck>>;
    readonly ldap: ReadonlyMap<string, Defined<LdapCheck>>;
    readonly rates: ReadonlyMap<string, Defined<RateLimit>>;
    readonly lists: ReadonlyMap<string, Defined<List>>;
    /** Whether there is a database of countries that we can read. */
    readonly hasCountries: boolean;
    /** Whether there is only one in a form that is not read here. */
    readonly hasOldCountries: boolean;
    /** What waiting is counted by where a rule does not say. */
    readonly tarpitScope: TarpitScope | undefined;
    /** The name that a list has here, where names have fewer characters to choose from. */
    nameOf(list: string): string;
}
/**
 * Gathers what a file defines.
 *
 * @param flags those that a command line has set
 */
export declare function createContext(conf: GreylistConf, flags?: readonly Flag[]): Context;
