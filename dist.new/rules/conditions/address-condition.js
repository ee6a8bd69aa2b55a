import { normaliseAddress, normaliseLocalPart } from '../../mail/normalise-address.js';
import { compileBracketed, parseBracketedEntry } from '../sets/bracketed-entry.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';
/** The entries of a condition on addresses. */
export function addressEntries({ list }, kind) {
    return list(parseConditionEntry(kind), formatEntry, listKinds[kind].form);
}
/** The schema of a condition on addresses; its type is the same for senders and recipients. */
function schemaOf(kinds, { listKind, side }) {
    const { either, list, optional, section, withChecks } = kinds;
    const entries = addressEntries(kinds, listKind);
    const brackets = list(parseBracketedEntry, formatEntry, {
        examples: ['<joe@example.org>', '/@example\\.org>$/'],
    });
    const expects = "an address in its brackets, a pattern such as '/@example\\.org>$/', or a list";
    const spelling = side === 'sender' ? 'in the spelling of the triplets' : 'as the client wrote it';
    const spelled = section({
        raw: optional(entries, {
            meaning: `The ${side}, only as the client wrote it.`,
            expects: `${listKinds[listKind].expects}, or a list of them`,
        }),
        bracketed: optional(brackets, {
            meaning: `The ${side} in its brackets, ${spelling}; the null sender is \`<>\`.`,
            expects,
        }),
        'raw-bracketed': optional(brackets, {
            meaning: `The ${side} in its brackets, as the client wrote it.`,
            expects,
        }),
    });
    return either(entries, withChecks(spelled, (value) => Object.keys(value).length === 1
        ? []
        : [{ path: [], problem: 'needs one of raw, bracketed and raw-bracketed' }]));
}
/** A condition on the envelope sender or the recipient. */
export function addressCondition(spec) {
    const { name, listKind, stage, about } = spec;
    return {
        name,
        about: {
            ...about,
            expects: `${listKinds[listKind].expects}, list:NAME, or a list of them; or {raw: …}, {bracketed: …}, {raw-bracketed: …}`,
        },
        stage,
        isLookup: false,
        schema: (kinds) => schemaOf(kinds, spec),
        compile: (value, context) => compileAddress(value, spec, context),
    };
}
function compileAddress(value, spec, context) {
    const { name, side } = spec;
    const seek = isSpelled(value)
        ? spelledSeeker(value, spec, context)
        : addressSeeker(compileEntries(spec.listKind, value, context), context.addresses[side]);
    return {
        name,
        isLookup: false,
        test: (evaluation) => {
            const { attempt, message } = evaluation.facts;
            // Of a message all recipients are meant that get it.
            const others = side === 'recipient' ? message?.recipients : undefined;
            const sought = others === undefined ? seek(attempt[side]) : firstFound(others, seek);
            const { asked, found } = sought;
            if (found === undefined && evaluation.note === undefined)
                return 'no';
            return report(evaluation, describe(asked), found);
        },
    };
}
function isSpelled(value) {
    return !Array.isArray(value);
}
function firstFound(addresses, seek) {
    for (const address of addresses) {
        const sought = seek(address);
        if (sought.found !== undefined)
            return sought;
    }
    return { asked: 'none of the recipients', found: undefined };
}
function spelledSeeker({ raw, bracketed, 'raw-bracketed': rawBracketed }, { listKind, side }, context) {
    if (raw !== undefined)
        return rawSeeker(compileEntries(listKind, raw, context, ['raw']));
    const key = bracketed === undefined ? 'raw-bracketed' : 'bracketed';
    const find = compileBracketed(bracketed ?? rawBracketed ?? [], context, [key]);
    const form = context.addresses[side];
    const isAsWritten = side === 'recipient' || bracketed === undefined;
    return (address) => {
        const asked = `<${isAsWritten ? address.text : normaliseAddress(address, form)}>`;
        return { asked, found: find(asked) };
    };
}
/**
 * Asks for an address as it is, and then in the spelling that the triplets have: an entry may be
 * written by either, whatever is taken out of senders and recipients.
 */
export function addressSeeker(set, normalisation) {
    return (address) => {
        const found = set.find(address);
        if (found !== undefined)
            return { asked: address, found };
        const localPart = normaliseLocalPart(address, normalisation);
        if (localPart === address.localPart)
            return { asked: address, found };
        const asked = { localPart, domain: address.domain };
        const foundThen = set.find(asked);
        return foundThen === undefined ? { asked: address, found } : { asked, found: foundThen };
    };
}
function rawSeeker(set) {
    return (address) => {
        const asked = rawSubject(address);
        return { asked, found: set.find(asked) };
    };
}
/** Only split: quotes, source routes and final dots are as the client has written them. */
function rawSubject({ text }) {
    const at = text.lastIndexOf('@');
    if (at < 0)
        return { localPart: text, domain: '' };
    return { localPart: text.slice(0, at), domain: text.slice(at + 1).toLowerCase() };
}
/** An address for people. */
export function describe(asked) {
    if (typeof asked === 'string')
        return asked;
    const { localPart, domain } = asked;
    if (domain !== '')
        return `${localPart}@${domain}`;
    return localPart === '' ? '<>' : localPart;
}
//# sourceMappingURL=address-condition.js.map