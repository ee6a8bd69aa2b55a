import { macrosOf } from '../../greylist/general-placeholder.js';
import { encodeForUrl, encodeTemplate } from '../encoded-template.js';
import { noDefinitions } from '../lookup-definitions.js';
import { anyOf, judgeAnswer } from './answer-condition.js';
import { definitionsOf, parseDefinitionName } from './definition-names.js';
const schema = ({ list }) => list(parseDefinitionName, (name) => name, { examples: ['blocklist'] });
/** What web servers say. */
export const urlCondition = {
    name: 'url',
    about: {
        meaning: 'Whether one of the web servers of `lookups.urls` answers with a line `milterGreylist…: value`; such lines also say what the rule does instead. Put `on-unknown: tempfail` beside it if nothing may pass while the server is away.',
        expects: 'a name of lookups.urls, or a list of them',
        example: 'url: blocklist',
    },
    stage: 'rcpt',
    isLookup: true,
    schema: (kinds) => schema(kinds),
    needs: (_names, { urls } = noDefinitions) => ({
        macros: Object.values(urls).flatMap(({ url }) => macrosOf(url.placeholders)),
        ...(Object.values(urls).some((url) => url['post-message']) && {
            headers: true,
            rawHeaders: true,
            body: true,
            text: true,
        }),
    }),
    compile: compileUrl,
};
function compileUrl(names, context) {
    const definitions = definitionsOf(names, context.definitions.urls, 'lookups.urls', context);
    return {
        name: 'url',
        isLookup: true,
        test: async (evaluation) => anyOf(await Promise.all(definitions.map(async ([name, definition]) => {
            const answer = await evaluation.lookups.url({
                name,
                url: addressOf(definition, evaluation),
                ...(definition['post-message'] && { message: messageOf(evaluation) }),
            });
            return judgeAnswer({ name, answer, properties: definition.properties }, evaluation);
        }))),
    };
}
function addressOf({ url, encode }, { texts }) {
    return encodeTemplate(url, texts, encode ? encodeForUrl : (value) => value);
}
/** Undefined before there is one. */
function messageOf({ facts: { message } }) {
    if (message?.rawHeaders === undefined)
        return undefined;
    const { rawHeaders: headers, body: { bytes: body } = { bytes: new Uint8Array() } } = message;
    const lines = headers.map(([name, value]) => `${name}:${value.replace(/\r?\n/g, '\r\n')}\r\n`);
    const header = new TextEncoder().encode(`${lines.join('')}\r\n`);
    const whole = new Uint8Array(header.length + body.length);
    whole.set(header);
    whole.set(body, header.length);
    return whole;
}
//# sourceMappingURL=url.js.map