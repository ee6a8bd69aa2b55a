const META = new Set('\\^$.[]|()?*+{}');
/**
 * The plain text that a pattern means, such as `^mx\.example\.org$` or `\.example\.org$`; undefined
 * if it means more than one. Only printable ASCII; what the engine also takes for an `s`, the long
 * one of old prints, does not count.
 */
export function readLiteral(source, ignoreCase) {
    const isAtStart = source.startsWith('^');
    const isAtEnd = source.endsWith('$') && !/(?:^|[^\\])(?:\\\\)*\\\$$/.test(source);
    const value = plainText(source.slice(isAtStart ? 1 : 0, isAtEnd ? -1 : undefined));
    if (value === undefined || value === '')
        return undefined;
    const at = isAtStart ? (isAtEnd ? 'whole' : 'start') : isAtEnd ? 'end' : 'anywhere';
    return { at, value: ignoreCase ? value.toLowerCase() : value, ignoreCase };
}
function plainText(source) {
    if (!/^[\x20-\x7e]*$/.test(source))
        return undefined;
    let text = '';
    for (let i = 0; i < source.length; i++) {
        let character = source.charAt(i);
        if (character === '\\') {
            i += 1;
            character = source.charAt(i);
            // A letter or digit behind a backslash means something else.
            if (character === '' || /\w/.test(character))
                return undefined;
        }
        else if (META.has(character))
            return undefined;
        text += character;
    }
    return text;
}
//# sourceMappingURL=pattern-literal.js.map