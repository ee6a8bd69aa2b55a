const ASCII_NAMES = [
    ...['NUL', 'SOH', 'STX', 'ETX', 'EOT', 'ENQ', 'ACK', 'alert', 'backspace', 'tab', 'newline'],
    ...['vertical-tab', 'form-feed', 'carriage-return', 'SO', 'SI', 'DLE', 'DC1', 'DC2', 'DC3'],
    ...['DC4', 'NAK', 'SYN', 'ETB', 'CAN', 'EM', 'SUB', 'ESC', 'IS4', 'IS3', 'IS2', 'IS1', 'space'],
    ...['exclamation-mark', 'quotation-mark', 'number-sign', 'dollar-sign', 'percent-sign'],
    ...['ampersand', 'apostrophe', 'left-parenthesis', 'right-parenthesis', 'asterisk'],
    ...['plus-sign', 'comma', 'hyphen', 'period', 'slash'],
    ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
    ...['colon', 'semicolon', 'less-than-sign', 'equals-sign', 'greater-than-sign'],
    ...['question-mark', 'commercial-at', ...Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ')],
    ...['left-square-bracket', 'backslash', 'right-square-bracket', 'circumflex', 'underscore'],
    ...['grave-accent', ...Array.from('abcdefghijklmnopqrstuvwxyz')],
    ...['left-brace', 'vertical-line', 'right-brace', 'tilde', 'DEL'],
];
/** Other names of POSIX for the same. */
const SYNONYMS = {
    BEL: 7,
    BS: 8,
    HT: 9,
    LF: 10,
    VT: 11,
    FF: 12,
    CR: 13,
    FS: 28,
    GS: 29,
    RS: 30,
    US: 31,
    'hyphen-minus': 45,
    'full-stop': 46,
    solidus: 47,
    'reverse-solidus': 92,
    'circumflex-accent': 94,
    'low-line': 95,
    'left-curly-bracket': 123,
    'right-curly-bracket': 125,
};
const codes = new Map([
    ...ASCII_NAMES.map((name, code) => [name, code]),
    ...Object.entries(SYNONYMS),
]);
/**
 * The character that `[.hyphen.]` or `[=a=]` names, by the portable character set of POSIX (XBD 6.1);
 * any single character names itself. Undefined if there is no such name.
 */
export function collatingCharacter(name) {
    const [first = '', ...more] = name;
    if (first !== '' && more.length === 0)
        return first.codePointAt(0);
    return codes.get(name);
}
//# sourceMappingURL=collating-symbols.js.map