import { NULL_SENDER } from '../../mail/envelope-address.js';
import { parseIpAddress } from '../../mail/ip-address.js';
/**
 * What may be written: results of RFC 7208; `error`, which is either error; `unknown`, where there is
 * no client address that SPF could speak of; and `self`, where our own address passes as well.
 */
const WORDS = [
    ...['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror', 'temperror'],
    ...['error', 'unknown', 'self'],
];
const schema = ({ list }) => list(parseWord, (word) => word, {
    pattern: `^(${WORDS.join('|')})$`,
    examples: WORDS,
});
/** What SPF says of the client and the sender. */
export const spfCondition = {
    name: 'spf',
    about: {
        meaning: "What SPF says of the client and the envelope sender's domain; for the null sender, the HELO name's. Where DNS has no answer the result is not known (see `on-unknown`), unless `temperror` or `error`, which is either error, stands in the list. `self`: this machine's own address passes, as it does where a policy lets everybody send. `unknown`: there is no address to check.",
        expects: `${WORDS.join(', ')}, or a list of them`,
        example: 'spf: [fail, softfail]',
    },
    stage: 'mail',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    compile: compileSpf,
};
function parseWord(text) {
    const word = WORDS.find((known) => known === text.toLowerCase());
    if (word !== undefined)
        return { ok: word };
    return { problem: 'is no result of SPF', hint: `write ${WORDS.join(', ')}` };
}
function compileSpf(words, { localAddress }) {
    const results = new Set(words);
    const hasErrors = results.has('error');
    const isUnknownFine = hasErrors || results.has('temperror');
    const asksSelf = results.has('self');
    const judge = ({ result }) => results.has(result) || (hasErrors && result === 'permerror') ? 'yes' : 'no';
    const ofClient = (evaluation) => {
        if (evaluation.facts.attempt.clientAddress === undefined) {
            evaluation.note?.('no client address');
            return results.has('unknown') ? 'yes' : 'no';
        }
        const truth = askSpf(evaluation, judge);
        if (!isUnknownFine)
            return truth;
        return truth instanceof Promise ? truth.then(unknownAsYes) : unknownAsYes(truth);
    };
    return {
        name: 'spf',
        isLookup: true,
        test: (evaluation) => {
            if (!asksSelf)
                return ofClient(evaluation);
            return eitherOf(ofClient(evaluation), () => askForSelf(evaluation, localAddress));
        },
    };
}
function unknownAsYes(truth) {
    return truth === 'unknown' ? 'yes' : truth;
}
/** The first truth, or the second one if that is not yes. */
async function eitherOf(first, ask) {
    const one = await first;
    if (one === 'yes')
        return one;
    const other = await ask();
    return other === 'no' ? one : other;
}
/** Whether this machine might send for the sender as well. */
function askForSelf(evaluation, localAddress) {
    const { facts, lookups, note } = evaluation;
    const { sender, helo } = facts.attempt;
    const told = facts.macro('{if_addr}')?.replace(/^IPv6:/i, '') ?? '';
    const client = parseIpAddress(told) ?? localAddress;
    if (client === undefined) {
        note?.('our own address is not known: set lookups.local-address');
        return 'unknown';
    }
    const conclude = (answer) => {
        if (!answer.known) {
            note?.(`SPF for ourselves is not known: ${answer.problem}`);
            return 'unknown';
        }
        note?.(`SPF of ${answer.value.domain} for ${client.text}, ourselves: ${answer.value.result}`);
        return answer.value.result === 'pass' ? 'yes' : 'no';
    };
    const answer = lookups.spf({ client, sender, helo });
    return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
}
/** Asks for SPF and judges what it says; not known where there is no answer, no without a client. */
export function askSpf(evaluation, judge) {
    const { facts, lookups } = evaluation;
    const { clientAddress, sender, helo } = facts.attempt;
    if (clientAddress === undefined) {
        evaluation.note?.('no client address');
        return 'no';
    }
    const conclude = (answer) => {
        if (!answer.known) {
            evaluation.note?.(`SPF is not known: ${answer.problem}`);
            evaluation.found.set('spf', 'temperror');
            return 'unknown';
        }
        const { result, domain, term } = answer.value;
        evaluation.note?.(`SPF of ${domain}: ${result}${term === undefined ? '' : ` by ${term}`}`);
        evaluation.found.set('spf', result);
        return judge(answer.value);
    };
    const answer = lookups.spf({ client: clientAddress, sender, helo });
    return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
}
/** Whether this is the null sender, for which SPF can only speak of the HELO name. */
export function isNullSender({ facts }) {
    return facts.attempt.sender.text === NULL_SENDER.text;
}
//# sourceMappingURL=spf.js.map