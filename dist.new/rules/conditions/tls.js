import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
/** The keys that are compared with a macro. */
const MACROS = {
    version: '{tls_version}',
    cipher: '{cipher}',
    subject: '{cert_subject}',
    issuer: '{cert_issuer}',
};
const KEYS = ['version', 'cipher', 'subject', 'issuer'];
const EXPECTS = `${listKinds.values.expects}, or a list of them`;
const schema = ({ flag, list, optional, section, withChecks }) => {
    const entries = list(parseConditionEntry('values'), formatEntry, listKinds.values.form);
    return withChecks(section({
        encrypted: optional(flag(), {
            meaning: 'Whether the connection is encrypted at all.',
            expects: 'true or false',
        }),
        version: optional(entries, {
            meaning: 'The version of TLS: `TLSv1.2` or `TLSv1.3`.',
            expects: EXPECTS,
        }),
        cipher: optional(entries, {
            meaning: 'The cipher suite, as the MTA calls it.',
            expects: EXPECTS,
        }),
        subject: optional(entries, {
            meaning: "Subject of the client's certificate: the whole of it in Sendmail, the common name alone in Postfix, which tells only of certificates that it has verified.",
            expects: EXPECTS,
        }),
        issuer: optional(entries, {
            meaning: "Issuer of the client's certificate, in the same form.",
            expects: EXPECTS,
        }),
        verified: optional(flag(), {
            meaning: 'Whether the MTA has verified a certificate of the client.',
            expects: 'true or false',
        }),
    }), (value) => Object.values(value).every((part) => part === undefined)
        ? [{ path: [], problem: 'is empty', hint: 'write {verified: true}, for example' }]
        : []);
};
/** How the connection is encrypted, and whose certificate the client has shown. */
export const tlsCondition = {
    name: 'tls',
    about: {
        meaning: "How the connection is encrypted, and the client's certificate. All that is named must match.",
        expects: 'a mapping with encrypted, version, cipher, subject, issuer or verified',
        example: "tls: {verified: true, subject: ['mx.example.net', '/CN=mx\\.example\\.net/']}",
    },
    stage: 'helo',
    isLookup: false,
    schema: (kinds) => schema(kinds),
    needs: (value) => ({
        macros: [
            ...KEYS.flatMap((key) => (value[key] === undefined ? [] : [MACROS[key]])),
            ...(value.encrypted === undefined ? [] : [MACROS.version]),
            // A subject means little if nobody has verified the certificate.
            ...(value.verified === undefined ? [] : ['{verify}', MACROS.subject]),
        ],
    }),
    compile: compileTls,
};
function compileTls(value, context) {
    const tests = KEYS.flatMap((key) => {
        const entries = value[key];
        if (entries === undefined)
            return [];
        return [{ key, set: compileEntries('values', entries, context, [key]) }];
    });
    const { encrypted, verified } = value;
    return {
        name: 'tls',
        isLookup: false,
        test: (evaluation) => {
            const { facts, note } = evaluation;
            if (encrypted !== undefined) {
                const version = facts.macro(MACROS.version) ?? '';
                note?.(version === '' ? 'not encrypted' : `encrypted by ${version}`);
                if ((version !== '') !== encrypted)
                    return 'no';
            }
            if (verified !== undefined) {
                const isVerified = hasVerifiedCertificate(facts);
                note?.(isVerified ? 'certificate verified' : 'no verified certificate');
                if (isVerified !== verified)
                    return 'no';
            }
            for (const { key, set } of tests) {
                const text = facts.macro(MACROS[key]) ?? '';
                const subject = `${key} ${text === '' ? 'unknown' : text}`;
                const found = text === '' ? undefined : set.find(text);
                if (report(evaluation, subject, found) === 'no')
                    return 'no';
            }
            return 'yes';
        },
    };
}
/**
 * Sendmail says OK in `{verify}` for a certificate that it has verified, and something else for one
 * that it has not. Postfix has no such macro; it tells the subject of verified certificates only.
 */
function hasVerifiedCertificate(facts) {
    const verify = facts.macro('{verify}');
    return verify === undefined ? (facts.macro(MACROS.subject) ?? '') !== '' : verify === 'OK';
}
//# sourceMappingURL=tls.js.map