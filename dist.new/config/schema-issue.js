/** Whether a value is of a kind that a schema takes in no way, unions within it included. */
function isOtherKind(issue) {
    if (issue.path.length > 0)
        return false;
    if (issue.code === 'invalid_union')
        return meantBranch(issue.errors) === undefined;
    return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}
/** Of a union's branches the one that was meant: the one that takes a value of this kind at all. */
function meantBranch(branches) {
    return branches.find((issues) => !issues.some(isOtherKind));
}
/**
 * What the schema library objects to, in our words.
 *
 * @param base where the value stands that it was asked about
 */
export function neutral(issue, base) {
    const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? '' : part))];
    switch (issue.code) {
        case 'unrecognized_keys':
            return issue.keys.map((key) => ({ kind: 'unknown-key', path: [...path, key] }));
        case 'invalid_union': {
            const branch = meantBranch(issue.errors);
            if (branch)
                return branch.flatMap((inner) => neutral(inner, path));
            return [{ kind: 'type', path }];
        }
        case 'invalid_value':
            return [{ kind: 'word', path, words: issue.values.map(String) }];
        case 'too_small':
            return [{ kind: 'range', path, problem: `must be at least ${issue.minimum}` }];
        case 'too_big':
            return [{ kind: 'range', path, problem: `must be at most ${issue.maximum}` }];
        case 'custom': {
            const problem = issue.message;
            if (issue.params?.['isRange'] === true)
                return [{ kind: 'range', path, problem }];
            const hint = issue.params?.['hint'];
            const told = { problem, hint: typeof hint === 'string' ? hint : undefined };
            const atKey = issue.params?.['atKey'] === true;
            return [{ kind: 'value', path, ...told, ...(atKey && { atKey }) }];
        }
        case 'invalid_type':
        case 'invalid_format':
        case 'invalid_key':
        case 'invalid_element':
        case 'not_multiple_of':
            return [{ kind: 'type', path }];
    }
}
//# sourceMappingURL=schema-issue.js.map