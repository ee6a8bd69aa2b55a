/** The whole number that a text begins with, as C's `atoi` reads it; 0 if it begins with none. */
export function leadingInteger(text) {
    const digits = /^[ \t]*([+-]?\d{1,15})/.exec(text)?.[1];
    return digits === undefined ? 0 : Number(digits);
}
//# sourceMappingURL=integer.js.map