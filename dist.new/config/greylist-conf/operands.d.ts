import type { FormatString } from './format-string.js';
import type { Reader } from './reader.js';
import type { Comparison, FormatValue, PatternValue, PropertyValue, TextValue } from './syntax.js';
/** Tells of a text in which percent signs meet that milter-greylist runs together. */
export declare function readFormat(reader: Reader, what: string): FormatString;
export declare function readEscapedFormat(reader: Reader, what: string): FormatString;
export declare function readFormatValue(reader: Reader, what: string): FormatValue;
export declare function readText(reader: Reader, what: string): TextValue;
/** A pattern, if one comes next; what is wrong with it is told at the character. */
export declare function readPattern(reader: Reader): PatternValue | undefined;
export declare function readTextOrPattern(reader: Reader, what: string): TextValue | PatternValue;
/** `$name`, if it comes next. */
export declare function readProperty(reader: Reader): PropertyValue | undefined;
/** A property that must be there; returns its name. */
export declare function readPropertyName(reader: Reader): string;
/** A whole number, which may end in k or M for powers of 1024. */
export declare function readNumber(reader: Reader, what: string): number;
/** Seconds of a statement, where a number without a unit is usual. */
export declare function readSeconds(reader: Reader, what: string): number;
/** Seconds of a rule or definition, where milter-greylist insists on a unit. */
export declare function readSecondsWithUnit(reader: Reader, what: string): number;
/** `>= 25` or `>= $limit`, if an operator comes next. */
export declare function readComparison(reader: Reader): Comparison | undefined;
/** A comparison that must be there. */
export declare function needComparison(reader: Reader): Comparison;
