import { parsePlainTemplate, renderPlainTemplate } from '../greylist/text-template.js';
import { leadingInteger } from './integer.js';
/** Reads a text that comes to a number. */
export function parseOperandTemplate(text) {
    const parsed = parsePlainTemplate(text);
    if ('problem' in parsed || parsed.ok.placeholders.length > 0)
        return parsed;
    return { problem: 'is no number', hint: "write a number, or as in '{property:limit}'" };
}
/** The number; 0 where a text comes to none. */
export function valueOfOperand(operand, { texts }) {
    if (typeof operand === 'number')
        return operand;
    return leadingInteger(renderPlainTemplate(operand, texts));
}
//# sourceMappingURL=operand.js.map