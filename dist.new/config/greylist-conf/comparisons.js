/** How an operator is written here. */
const WAYS = {
    '>': 'over',
    '>=': 'at-least',
    '<': 'under',
    '<=': 'up-to',
    '==': 'is',
    '!=': 'is-not',
};
/**
 * A comparison with a number or with a property.
 *
 * @param shift what is added to the number, where something is counted from another end
 */
export function comparisonOf({ operator, operand }, shift = 0) {
    const way = WAYS[operator];
    if (operand.kind === 'number')
        return { [way]: operand.value + shift };
    return { [way]: `{property:${operand.name}}` };
}
//# sourceMappingURL=comparisons.js.map