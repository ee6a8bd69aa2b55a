import type { PlainTemplate } from '../greylist/text-template.js';
import type { LdapQuestion } from './lookups.js';
import type { PropertyScope } from './properties.js';
/** A web server, as rules ask it. */
export interface UrlDefinition {
    readonly url: PlainTemplate;
    /** Whether values that are filled in are percent-encoded. */
    readonly encode: boolean;
    /** How long the lines of its answer are kept as properties; not at all without it. */
    readonly properties?: PropertyScope | undefined;
    /** Whether the message is posted, where it is there. */
    readonly 'post-message': boolean;
}
/** What a directory is asked (RFC 4516), with placeholders in it. */
export interface LdapUrl {
    /** As it was written. */
    readonly text: string;
    readonly base: PlainTemplate;
    readonly scope: LdapQuestion['scope'];
    readonly filter: PlainTemplate;
    readonly attributes: readonly string[];
}
/** A question for the directory, as rules ask it. */
export interface LdapDefinition {
    readonly url: LdapUrl;
    /** Whether values that are filled in are escaped. */
    readonly escape: boolean;
    /** Whether an entry is a match; otherwise only properties are set, and nothing ever matches. */
    readonly match: boolean;
    readonly properties?: PropertyScope | undefined;
}
/** What the configuration calls by names. */
export interface LookupDefinitions {
    readonly urls: Readonly<Record<string, UrlDefinition>>;
    readonly ldapQueries: Readonly<Record<string, LdapDefinition>>;
}
/** None at all. */
export declare const noDefinitions: LookupDefinitions;
