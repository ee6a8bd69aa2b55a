import { at } from './placed.js';
import { toTemplate } from './template.js';
/** What answers become, and for how long. */
const SCOPES = { none: undefined, session: 'message', recipient: 'recipient' };
/** Web servers and directories that are asked, by the names that rules use. */
export function translateDefinitions({ statements }, context) {
    const directory = statements.findLast((one) => one.kind === 'ldapconf');
    const lookups = {
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
function filled(definitions, write) {
    const entries = [...definitions].map((one) => [one.name, at(one.place, write(one))]);
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
/** The longest that a client is let wait for an answer, in seconds. */
const LONGEST_TIMEOUT = 8;
function writeDirectory({ servers, timeoutSeconds, bind, }) {
    const timeout = Math.min(Math.max(timeoutSeconds ?? 0, 1), LONGEST_TIMEOUT);
    return {
        servers,
        timeout: timeoutSeconds === undefined ? undefined : `${timeout}s`,
        bind: bind && { dn: bind.dn, password: bind.password },
    };
}
//# sourceMappingURL=definitions.js.map