import { renderGeneral } from '../greylist/general-placeholder.js';
/** A text whose values are written in another language's way, so that none of them can end theirs. */
export function encodeTemplate({ literals, placeholders, valueLength }, context, encode) {
    return literals
        .map((literal, index) => {
        const placeholder = placeholders[index];
        if (placeholder === undefined)
            return literal;
        return literal + encode(renderGeneral(placeholder, context).slice(0, valueLength));
    })
        .join('');
}
/** RFC 3986: all but letters, digits and `-._~`. */
export function encodeForUrl(value) {
    // Half a character cannot be encoded.
    const text = value.replace(/\p{Surrogate}/gu, '\ufffd');
    return encodeURIComponent(text).replace(/[!'()*]/g, hexOf('%'));
}
/** RFC 4515 section 3. */
export function encodeForFilter(value) {
    return value.replace(/[\0()*\\]/g, hexOf('\\'));
}
/** RFC 4514 section 2.4. */
export function encodeForDn(value) {
    return value
        .replace(/["+,;<=>\\]/g, '\\$&')
        .replace(/\0/g, '\\00')
        .replace(/^[ #]|(?<!\\) $/g, '\\$&');
}
function hexOf(sign) {
    return (char) => sign + char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}
//# sourceMappingURL=encoded-template.js.map