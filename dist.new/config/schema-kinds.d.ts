import { z } from 'zod';
import type { Parsed } from './parsed.js';
import type { LocalIssue, SchemaIssue } from './schema-issue.js';
import type { Setting } from './settings.js';
import type { WrittenForm } from './written-forms.js';
/** What documentation and reports say of a setting. */
export interface About {
    readonly meaning: string;
    readonly expects: string;
    /** Why its bounds are where they are. */
    readonly why?: string;
}
/** What a schema's values are once they are read. */
export type Output<T extends z.ZodType> = z.output<T>;
type TextCodec<T> = z.ZodCodec<z.ZodString, z.ZodCustom<T, T>>;
type TextOrNumber = z.ZodUnion<readonly [z.ZodString, z.ZodInt]>;
/** A setting with its default as one would write it. */
export declare function setting<T extends z.ZodType>(schema: T, fallback: z.input<T>, about: About): z.ZodPrefault<T>;
/** A setting that may be left out without anything in its place. */
export declare function optional<T extends z.core.SomeType>(schema: T, about: About): z.ZodOptional<T>;
/** A setting that must be written. */
export declare function required<T extends z.ZodType>(schema: T, about: About): T;
/** A mapping that knows all its keys. */
export declare function section<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>>;
/** What stands in the place of something that is turned off; it is null then. */
type Off = z.ZodCodec<z.ZodLiteral<'off'>, z.ZodNull>;
/** A section that can be turned off as a whole, by `off` or null; it is null then. */
export declare function sectionOrOff<Shape extends z.core.$ZodLooseShape>(shape: Shape): z.ZodUnion<readonly [Off, z.ZodNull, z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>>]>;
/** A value that may be written in two ways, of different kinds in YAML. */
export declare function either<First extends z.ZodType, Second extends z.ZodType>(first: First, second: Second): z.ZodUnion<readonly [First, Second]>;
/** One or several of two kinds of values; one alone stands for a list of one. */
export declare function oneOrMore<A extends z.ZodType, B extends z.ZodType>(first: A, second: B): z.ZodType<readonly (z.output<A> | z.output<B>)[], z.input<A> | z.input<B> | readonly (z.input<A> | z.input<B>)[]>;
/**
 * A schema that stands in several places, and once in the JSON Schema.
 *
 * @param id its name there
 */
export declare function shared<T extends z.ZodType>(id: string, schema: T): T;
/** A list of mappings of one shape. */
export declare function sequence<T extends z.ZodType>(element: T): z.ZodReadonly<z.ZodArray<T>>;
/** A mapping whose keys are names that somebody gives. */
export declare function named<T extends z.ZodType>(parseName: (name: string) => Parsed<string>, form: WrittenForm, element: T): z.ZodReadonly<z.ZodRecord<z.ZodString, T>>;
/** A schema with rules between the parts of its value; they are looked at once each part is fine. */
export declare function withChecks<T extends z.ZodType>(schema: T, check: (value: z.output<T>) => readonly LocalIssue[]): T;
/**
 * A value with what a program makes of it.
 *
 * @param unwrap gives back what was wrapped
 */
export declare function wrapped<Wrapper>(schema: z.core.$ZodType, wrap: (value: unknown) => Wrapper, unwrap: (wrapper: Wrapper) => unknown): z.ZodCodec<z.core.$ZodType, z.ZodCustom<Wrapper, Wrapper>>;
/** A value that is written as text. */
export declare function text<T>(parse: (text: string) => Parsed<T>, format: (value: T) => string, form: WrittenForm): TextCodec<T>;
/** A list of values that are written as text; one alone stands for a list of one. */
export declare function list<T>(parse: (text: string) => Parsed<T>, format: (value: T) => string, form: WrittenForm): z.ZodType<readonly T[], string | readonly string[]>;
/** Milliseconds, written as a duration. */
export declare function duration(minMs: number, maxMs: number): z.ZodCodec<z.ZodString, z.ZodNumber>;
/** The same, or `off` or null, which is null. */
export declare function durationOrOff(minMs: number, maxMs: number): z.ZodUnion<readonly [Off, z.ZodNull, ReturnType<typeof duration>]>;
/** Bytes, written as a size. */
export declare function size(minBytes: number, maxBytes: number): z.ZodCodec<TextOrNumber, z.ZodNumber>;
/** A number, or a text that only becomes one later. */
export declare function numberOr<T>(number: z.ZodType<number>, later: z.ZodType<T>): z.ZodType<number | T>;
/** A whole number. */
export declare function whole(min: number, max: number): z.ZodInt;
/**
 * A whole number with rules of its own.
 *
 * @param bounds what the JSON Schema can say of them
 */
export declare function checkedWhole(check: (value: number) => Parsed<number>, bounds: {
    readonly minimum: number;
    readonly maximum: number;
}): z.ZodInt;
/** One of some words. */
export declare function choice<const Words extends readonly string[]>(words: Words): z.ZodEnum<z.core.util.ToEnum<Words[number]>>;
/** True or false. */
export declare function flag(): z.ZodBoolean;
/** An account's name or number; null for the one the process runs under. */
export declare function account(): z.ZodNullable<z.ZodCodec<TextOrNumber, z.ZodString>>;
/** Reads plain data by a schema: the value, or everything that is wrong with it. */
export declare function decode<T extends z.ZodType>(schema: T, input: unknown): {
    readonly ok: z.output<T>;
} | {
    readonly issues: readonly SchemaIssue[];
};
/** The plain data from which {@link decode} makes this value, with every default written out. */
export declare function encode<T extends z.ZodType>(schema: T, value: z.output<T>): unknown;
/** The settings of a schema as a tree. */
export declare function describe(schema: z.core.$ZodType, path?: readonly string[]): Setting;
/**
 * The JSON Schema of what {@link decode} reads, for editors and other programs. It takes all that we
 * take, and refuses most of what we refuse.
 */
export declare function toJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>>;
export {};
