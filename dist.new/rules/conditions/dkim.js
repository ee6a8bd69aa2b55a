const RESULTS = ['pass', 'fail', 'unknown', 'error', 'none'];
const schema = ({ either, list, optional, required, section }) => {
    const results = list(parseResult, (result) => result, {
        pattern: `^(${RESULTS.join('|')})$`,
        examples: RESULTS,
    });
    return either(results, section({
        result: required(results, {
            meaning: 'What the check says.',
            expects: `${RESULTS.join(', ')}, or a list of them`,
        }),
        domain: optional(list(parseDomain, (domain) => domain, {
            examples: ['example.org', '.example.org'],
        }), {
            meaning: 'Only signatures of these domains count; with a leading dot all below it.',
            expects: 'a domain such as example.org, or a list of them',
        }),
    }));
};
/** What the signatures of a message are worth. */
export const dkimCondition = {
    name: 'dkim',
    about: {
        meaning: 'What DKIM says of the message: `pass` if one signature is good, otherwise what the first one is: wrong (`fail`), with a key or form that is wrong or cannot be asked for (`error`), or not checked (`unknown`, as are messages over `limits.body`); `none` without any.',
        expects: `${RESULTS.join(', ')}, a list of them, or a mapping with result and domain`,
        example: 'dkim: {result: pass, domain: example.org}',
    },
    stage: 'eom',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    needs: () => ({ headers: true, rawHeaders: true, body: true, text: true }),
    compile: compileDkim,
};
function parseResult(text) {
    const result = RESULTS.find((known) => known === text.toLowerCase());
    if (result !== undefined)
        return { ok: result };
    return { problem: 'is no result of DKIM', hint: `write ${RESULTS.join(', ')}` };
}
function parseDomain(text) {
    const domain = text.toLowerCase();
    if (/^\.?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/.test(domain))
        return { ok: domain };
    return { problem: 'is not a domain', hint: 'write it as in example.org, or .example.org' };
}
function compileDkim(value) {
    const { result: results, domain: domains } = 'result' in value ? value : { result: value };
    return {
        name: 'dkim',
        isLookup: true,
        test: (evaluation) => {
            const conclude = (answer) => {
                const result = resultOf(answer, domains, evaluation);
                evaluation.found.set('dkim', result);
                return results.includes(result) ? 'yes' : 'no';
            };
            const answer = askDkim(evaluation);
            return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
        },
    };
}
function askDkim({ facts, lookups }) {
    const { message } = facts;
    if (message?.rawHeaders === undefined)
        return { known: false, problem: 'no message is shown' };
    const { rawHeaders: headers, body } = message;
    if (body?.isWhole === false) {
        return { known: false, problem: 'the message is longer than limits.body' };
    }
    return lookups.dkim({ headers, body: body?.bytes ?? new Uint8Array() });
}
function resultOf(answer, domains, { note }) {
    if (!answer.known) {
        note?.(`DKIM is not known: ${answer.problem}`);
        return 'unknown';
    }
    const meant = answer.value.filter(({ domain }) => isMeant(domain, domains));
    const best = meant.find(({ result }) => result === 'pass') ?? meant[0];
    if (best === undefined) {
        note?.(domains === undefined ? 'not signed' : `not signed by ${domains.join(', ')}`);
        return 'none';
    }
    const why = best.problem === undefined ? '' : `: ${best.problem}`;
    note?.(`DKIM of ${best.domain}: ${best.result}${why}`);
    return best.result;
}
function isMeant(domain, domains) {
    if (domains === undefined)
        return true;
    return domains.some((one) => (one.startsWith('.') ? domain.endsWith(one) : domain === one));
}
//# sourceMappingURL=dkim.js.map