import { parseOperandTemplate, valueOfOperand } from '../operand.js';
/** The ways to compare a number, by their keys. */
const COMPARISONS = {
    over: (number, operand) => number > operand,
    'at-least': (number, operand) => number >= operand,
    under: (number, operand) => number < operand,
    'up-to': (number, operand) => number <= operand,
    is: (number, operand) => number === operand,
    'is-not': (number, operand) => number !== operand,
};
const KEYS = ['over', 'at-least', 'under', 'up-to', 'is', 'is-not'];
const WORDS = {
    over: 'More than this.',
    'at-least': 'This, or more.',
    under: 'Less than this.',
    'up-to': 'This, or less.',
    is: 'This, exactly.',
    'is-not': 'Anything but this.',
};
/** The keys of a section that compares a number. */
export function comparisonShape({ numberOr, optional, text }, number, expects) {
    const template = text(parseOperandTemplate, (written) => written.text, {
        pattern: '\\{',
        examples: ['{property:limit}'],
    });
    const operand = (way) => optional(numberOr(number, template), {
        meaning: WORDS[way],
        expects: `${expects}, or '{property:NAME}'`,
    });
    return {
        over: operand('over'),
        'at-least': operand('at-least'),
        under: operand('under'),
        'up-to': operand('up-to'),
        is: operand('is'),
        'is-not': operand('is-not'),
    };
}
/** What is wrong with a comparison, each of whose parts is fine. */
export function checkComparison({ over, 'up-to': upTo, ...rest }, example) {
    const isEmpty = [over, upTo, ...Object.values(rest)].every((operand) => operand === undefined);
    if (isEmpty)
        return [{ path: [], problem: 'needs a number', hint: `write ${example}` }];
    if (typeof over !== 'number' || typeof upTo !== 'number' || over < upTo)
        return [];
    return [{ path: ['up-to'], problem: `can never hold if over is ${over}` }];
}
/** Whether a number compares so. */
export function compares(number, comparison, evaluation) {
    return KEYS.every((way) => {
        const operand = comparison[way];
        return operand === undefined || COMPARISONS[way](number, valueOfOperand(operand, evaluation));
    });
}
//# sourceMappingURL=comparison.js.map