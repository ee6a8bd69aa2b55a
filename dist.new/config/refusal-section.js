import { parseReplyTemplate } from '../greylist/reply-template.js';
import { checkRejectCode, parseAnyEnhancedCode } from './rule-values.js';
import * as kinds from './schema-kinds.js';
import { writtenForms } from './written-forms.js';
const { checkedWhole, section, setting, text } = kinds;
function parseRefusalCode(written) {
    const parsed = parseAnyEnhancedCode(written);
    if (!('ok' in parsed) || written.startsWith('5'))
        return parsed;
    return { problem: 'must start with 5, as the reply code does', hint: 'write 5.7.1' };
}
/** The section `refusal`: what clients are told that rules refuse, where those say nothing else. */
export const refusalSection = section({
    code: setting(checkedWhole(checkRejectCode, { minimum: 500, maximum: 559 }).nullable(), null, {
        meaning: 'SMTP code of the reply, 500 to 559; null for 550, and with the policy protocol for what Postfix says to `REJECT`.',
        expects: 'a reply code such as 550, or null',
    }),
    enhanced: setting(text(parseRefusalCode, (code) => code, writtenForms.anyEnhancedCode), '5.7.1', {
        meaning: 'Enhanced status code of the reply, `5.x.y`.',
        expects: 'an enhanced status code such as 5.7.1',
    }),
    text: setting(text(parseReplyTemplate, (template) => template.text, writtenForms.line), 'Mail refused', {
        meaning: 'What the client is told, with the placeholders of `greylist.reply.text`.',
        expects: 'a line of text',
    }),
});
//# sourceMappingURL=refusal-section.js.map