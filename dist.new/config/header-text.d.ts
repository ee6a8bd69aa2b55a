import type { HeaderTemplate } from '../greylist/header-template.js';
import type { Parsed } from './parsed.js';
/** The header that tells of a delay. */
export interface HeaderText {
    /** As it was written. */
    readonly text: string;
    readonly name: string;
    readonly value: HeaderTemplate;
}
/** Reads a header field as it stands in a mail, with placeholders in its value. */
export declare function parseHeaderText(text: string): Parsed<HeaderText>;
