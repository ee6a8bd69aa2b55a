import { commonPrefixLength } from '../../mail/ip-address.js';
const schema = ({ either, flag, optional, section, whole }) => either(flag(), section({
    ipv4: optional(whole(0, 32), {
        meaning: 'Leading bits in which IPv4 addresses must agree; 32 if it is left out.',
        expects: 'a whole number from 0 to 32',
    }),
    ipv6: optional(whole(0, 128), {
        meaning: 'Leading bits in which IPv6 addresses must agree; 128 if it is left out.',
        expects: 'a whole number from 0 to 128',
    }),
}));
/** Whether the client also takes mail for the sender's domain. */
export const senderMxCondition = {
    name: 'sender-mx',
    about: {
        meaning: "Whether the client is a mail exchanger of the sender's domain, as with small sites that send and receive by one host; with ipv4 or ipv6, whether it is in the network of one.",
        expects: 'true, false, or a mapping such as {ipv4: 24, ipv6: 64}',
        example: 'sender-mx: true',
    },
    stage: 'mail',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    compile: compileSenderMx,
};
function compileSenderMx(value) {
    const { ipv4 = 32, ipv6 = 128 } = typeof value === 'boolean' ? {} : value;
    const wanted = value === false ? 'no' : 'yes';
    return {
        name: 'sender-mx',
        isLookup: true,
        test: ({ facts, lookups, note }) => {
            const { clientAddress, sender } = facts.attempt;
            const told = (isExchanger) => (isExchanger ? 'yes' : 'no') === wanted ? 'yes' : 'no';
            if (clientAddress === undefined || sender.domain === '' || sender.domain.startsWith('[')) {
                note?.(clientAddress === undefined ? 'no client address' : 'the sender has no domain');
                return told(false);
            }
            const bits = clientAddress.family === 4 ? ipv4 : ipv6;
            const conclude = (answer) => {
                if (!answer.known) {
                    note?.(`the exchangers of ${sender.domain} are not known: ${answer.problem}`);
                    return 'unknown';
                }
                const found = answer.value.find((one) => commonPrefixLength(one, clientAddress) >= bits);
                const what = found === undefined ? `none of ${answer.value.length} is near` : found.text;
                note?.(`exchangers of ${sender.domain}: ${what}`);
                return told(found !== undefined);
            };
            const answer = lookups.mailExchangers(sender.domain);
            return answer instanceof Promise ? answer.then(conclude) : conclude(answer);
        },
    };
}
//# sourceMappingURL=sender-mx.js.map