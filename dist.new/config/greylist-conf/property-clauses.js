import { comparisonOf } from './comparisons.js';
import { IN_VALUES, patternEntry } from './entries.js';
import { at } from './placed.js';
import { toTemplate } from './template.js';
import { block, leftOut } from './test.js';
const WAYS = { '=': 'to', '+=': 'add', '-=': 'subtract' };
/** `set` and `rset`, which always hold; the first lives as long as the message. */
export function setProperty(clause) {
    const { operand, operator, property, kind, place } = clause;
    const value = operandText(operand);
    const way = WAYS[operator];
    const isPlain = way === 'to' && kind === 'set';
    const written = isPlain
        ? value
        : { [way]: value, ...(kind === 'rset' && { scope: 'recipient' }) };
    return { kind: 'step', block: { set: { [property]: at(place, written) } } };
}
function operandText(operand) {
    if (operand.kind === 'number')
        return operand.value;
    if (operand.kind === 'property')
        return `{property:${operand.name}}`;
    return toTemplate(operand.format).text;
}
/** What a property is. */
export function testProperty(clause, context) {
    const { operand, property, place } = clause;
    if (operand.kind === 'comparison') {
        return block({ property: { [property]: at(place, comparisonOf(operand)) } });
    }
    if (operand.kind === 'pattern') {
        const pattern = patternEntry(operand, IN_VALUES, context);
        return pattern === undefined ? leftOut : block({ property: { [property]: pattern } });
    }
    return block({ property: { [property]: at(place, plainValue(operand.text)) } });
}
/** What would be taken for a word or a pattern stands in a pattern of its own. */
function plainValue(text) {
    const isWord = text === 'set' || text === 'unset' || text.startsWith('/');
    return isWord ? `/^${text.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&')}$/i` : text;
}
/** The property is a pattern of a shell for the text. */
export function testGlob({ property, subject, place }) {
    const text = toTemplate(subject.format).text;
    return block({ property: { [property]: at(place, { 'glob-of': text }) } });
}
//# sourceMappingURL=property-clauses.js.map