import type { TemplateContext } from '../greylist/template-context.js';
import type { PlainTemplate } from '../greylist/text-template.js';
/** A text whose values are written in another language's way, so that none of them can end theirs. */
export declare function encodeTemplate({ literals, placeholders, valueLength }: PlainTemplate, context: TemplateContext, encode: (value: string) => string): string;
/** RFC 3986: all but letters, digits and `-._~`. */
export declare function encodeForUrl(value: string): string;
/** RFC 4515 section 3. */
export declare function encodeForFilter(value: string): string;
/** RFC 4514 section 2.4. */
export declare function encodeForDn(value: string): string;
