import * as z from 'zod';

import { formatDuration, parseDuration } from './duration.js';
import type { Parsed } from './parsed.js';
import { once } from './once.js';
import { neutral, type LocalIssue, type SchemaIssue } from './schema-issue.js';
import { A_MAPPING, type Setting } from './settings.js';
import { formatSize, parseSize } from './size.js';
import { parseAccount } from './values.js';
import { writtenForms } from './written-forms.js';
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

type Check<T> = (value: T) => string | undefined;
type TextCodec<T> = z.ZodCodec<z.ZodString, z.ZodCustom<T, T>>;
type TextOrNumber = z.ZodUnion<readonly [z.ZodString, z.ZodInt]>;

const abouts = z.registry<About>();

/** A setting with its default as one would write it. */
export function setting<T extends z.ZodType>(
  schema: T,
  fallback: z.input<T>,
  about: About,
): z.ZodPrefault<T> {
  const described = schema.prefault(fallback).describe(about.meaning);
  abouts.add(described, about);
  return described;
}

/** A setting that may be left out without anything in its place. */
export function optional<T extends z.core.SomeType>(schema: T, about: About): z.ZodOptional<T> {
  const described = z.optional(schema).describe(about.meaning);
  abouts.add(described, about);
  return described;
}

/** A setting that must be written. */
export function required<T extends z.ZodType>(schema: T, about: About): T {
  const described = schema.describe(about.meaning);
  abouts.add(described, about);
  return described;
}

/** A mapping that knows all its keys. */
export function section<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>> {
  return z.strictObject(shape).readonly();
}

/** What stands in the place of something that is turned off; it is null then. */
type Off = z.ZodCodec<z.ZodLiteral<'off'>, z.ZodNull>;

const off: Off = z.codec(z.literal('off'), z.null(), {
  decode: () => null,
  encode: () => 'off' as const,
});

/** A section that can be turned off as a whole, by `off` or null; it is null then. */
export function sectionOrOff<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodUnion<readonly [Off, z.ZodNull, z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>>]> {
  return z.union([off, z.null(), section(shape)]);
}

/** A value that may be written in two ways, of different kinds in YAML. */
export function either<First extends z.ZodType, Second extends z.ZodType>(
  first: First,
  second: Second,
): z.ZodUnion<readonly [First, Second]> {
  return z.union([first, second]);
}

/** One or several of two kinds of values; one alone stands for a list of one. */
export function oneOrMore<A extends z.ZodType, B extends z.ZodType>(
  first: A,
  second: B,
): z.ZodType<
  readonly (z.output<A> | z.output<B>)[],
  z.input<A> | z.input<B> | readonly (z.input<A> | z.input<B>)[]
> {
  const either = z.union([first, second]);
  // The list comes first, so that it is what a value is written as; the other is for reading only.
  return z.union([z.array(either).readonly(), either.transform((value) => [value])]);
}

/**
 * A schema that stands in several places, and once in the JSON Schema.
 *
 * @param id its name there
 */
export function shared<T extends z.ZodType>(id: string, schema: T): T {
  return schema.meta({ id });
}

/** A list of mappings of one shape. */
export function sequence<T extends z.ZodType>(element: T): z.ZodReadonly<z.ZodArray<T>> {
  return z.array(element).readonly();
}

/** A mapping whose keys are names that somebody gives. */
export function named<T extends z.ZodType>(
  parseName: (name: string) => Parsed<string>,
  form: WrittenForm,
  element: T,
): z.ZodReadonly<z.ZodRecord<z.ZodString, T>> {
  const record = z.record(textOf(form), element);
  return withChecks(record, (value) =>
    Object.keys(value).flatMap((name) => {
      const parsed = parseName(name);
      return 'ok' in parsed ? [] : [{ ...parsed, path: [name], atKey: true }];
    }),
  ).readonly();
}

/** A schema with rules between the parts of its value; they are looked at once each part is fine. */
export function withChecks<T extends z.ZodType>(
  schema: T,
  check: (value: z.output<T>) => readonly LocalIssue[],
): T {
  return schema.check((context) => {
    if (context.issues.length > 0) return;
    for (const { path, problem, hint, atKey } of check(context.value)) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: [...path],
        message: problem,
        params: { hint, atKey },
      });
    }
  });
}

/**
 * A value with what a program makes of it.
 *
 * @param unwrap gives back what was wrapped
 */
export function wrapped<Wrapper>(
  schema: z.core.$ZodType,
  wrap: (value: unknown) => Wrapper,
  unwrap: (wrapper: Wrapper) => unknown,
): z.ZodCodec<z.core.$ZodType, z.ZodCustom<Wrapper, Wrapper>> {
  return z.codec(schema, z.custom<Wrapper>(), { decode: wrap, encode: unwrap });
}

/** Runs a value parser inside the schema; what it objects to becomes an issue. */
function read<T>(parse: (text: string) => Parsed<T>, check?: Check<T>) {
  return (written: string | number, context: z.core.ParsePayload): T => {
    const parsed = parse(String(written));
    const refusal = 'ok' in parsed ? check?.(parsed.ok) : undefined;
    if ('ok' in parsed && refusal === undefined) return parsed.ok;
    const { problem, hint } = 'ok' in parsed ? { problem: refusal } : parsed;
    context.issues.push({
      code: 'custom',
      input: written,
      message: problem,
      params: { hint, isRange: refusal !== undefined },
    });
    return z.NEVER;
  };
}

function within(min: number, max: number, format: (value: number) => string): Check<number> {
  return (value) => {
    if (value < min) return `must be at least ${format(min)}`;
    return value > max ? `must be at most ${format(max)}` : undefined;
  };
}

function textOf(form: WrittenForm): z.ZodString {
  return z.string().meta({ ...form });
}

/** A value that is written as text. */
export function text<T>(
  parse: (text: string) => Parsed<T>,
  format: (value: T) => string,
  form: WrittenForm,
): TextCodec<T> {
  return z.codec(textOf(form), z.custom<T>(), { decode: read(parse), encode: format });
}

/** A list of values that are written as text; one alone stands for a list of one. */
export function list<T>(
  parse: (text: string) => Parsed<T>,
  format: (value: T) => string,
  form: WrittenForm,
): z.ZodType<readonly T[], string | readonly string[]> {
  // The list comes first, so that it is what a value is written as; the other is for reading only,
  // and yet no plain transform, since nothing that has one can be tried for writing.
  const one = z.codec(textOf(form), z.custom<readonly T[]>(Array.isArray), {
    decode: (written, context) => [read(parse)(written, context)],
    encode: (values, context) => {
      // Checks are left out where a value is only tried for writing.
      if (Array.isArray(values)) return values.map(format).join();
      context.issues.push({ code: 'custom', input: values, message: 'is no list' });
      return z.NEVER;
    },
  });
  return z.union([z.array(text(parse, format, form)).readonly(), one]);
}

/** Milliseconds, written as a duration. */
export function duration(minMs: number, maxMs: number): z.ZodCodec<z.ZodString, z.ZodNumber> {
  return z.codec(textOf(writtenForms.duration), z.number(), {
    decode: read(parseDuration, within(minMs, maxMs, formatDuration)),
    encode: formatDuration,
  });
}

/** The same, or `off` or null, which is null. */
export function durationOrOff(
  minMs: number,
  maxMs: number,
): z.ZodUnion<readonly [Off, z.ZodNull, ReturnType<typeof duration>]> {
  return z.union([off, z.null(), duration(minMs, maxMs)]);
}

/** Bytes, written as a size. */
export function size(minBytes: number, maxBytes: number): z.ZodCodec<TextOrNumber, z.ZodNumber> {
  const written: TextOrNumber = z.union([
    textOf(writtenForms.size),
    z.int().meta({ minimum: minBytes, maximum: maxBytes }),
  ]);
  return z.codec(written, z.number(), {
    decode: read(parseSize, within(minBytes, maxBytes, formatSize)),
    encode: formatSize,
  });
}

/** A number, or a text that only becomes one later. */
export function numberOr<T>(number: z.ZodType<number>, later: z.ZodType<T>): z.ZodType<number | T> {
  return z.union([number, later]);
}

/** A whole number. */
export function whole(min: number, max: number): z.ZodInt {
  return z.int().min(min).max(max);
}

/**
 * A whole number with rules of its own.
 *
 * @param bounds what the JSON Schema can say of them
 */
export function checkedWhole(
  check: (value: number) => Parsed<number>,
  bounds: { readonly minimum: number; readonly maximum: number },
): z.ZodInt {
  const checked = z.int().check((context) => {
    const result = check(context.value);
    if ('ok' in result) return;
    const { problem, hint } = result;
    context.issues.push({
      code: 'custom',
      input: context.value,
      message: problem,
      params: { hint },
    });
  });
  return checked.meta({ ...bounds });
}

/** One of some words. */
export function choice<const Words extends readonly string[]>(
  words: Words,
): z.ZodEnum<z.core.util.ToEnum<Words[number]>> {
  return z.enum(words);
}

/** True or false. */
export function flag(): z.ZodBoolean {
  return z.boolean();
}

/** An account's name or number; null for the one the process runs under. */
export function account(): z.ZodNullable<z.ZodCodec<TextOrNumber, z.ZodString>> {
  const written: TextOrNumber = z.union([
    textOf(writtenForms.account),
    z.int().meta({ minimum: 0, maximum: 9_999_999_999 }),
  ]);
  return z
    .codec(written, z.string(), { decode: read(parseAccount), encode: (name) => name })
    .nullable();
}

/** Reads plain data by a schema, not compiled for it as that is read once: the value, or all that is wrong with it. */
export function decode<T extends z.ZodType>(
  schema: T,
  input: unknown,
): { readonly ok: z.output<T> } | { readonly issues: readonly SchemaIssue[] } {
  const result = z.safeParse(schema, input, { jitless: true });
  if (result.success) return { ok: result.data };
  return { issues: result.error.issues.flatMap((issue) => neutral(issue, [])) };
}

/** The plain data from which {@link decode} makes this value, with every default written out. */
export function encode<T extends z.ZodType>(schema: T, value: z.output<T>): unknown {
  return z.encode(schema, value);
}

/** What only surrounds another schema, taken off. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly) {
    return inner(schema.unwrap());
  }
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
    return inner(schema.unwrap());
  }
  return schema instanceof z.ZodCodec ? inner(schema.def.in) : schema;
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const core = inner(schema);
  if (core instanceof z.ZodObject) return core.shape;
  if (!(core instanceof z.ZodUnion)) return {};
  return Object.fromEntries(core.options.flatMap((option) => Object.entries(shapeOf(option))));
}

/** The schema of what a list of mappings, or a mapping of names, consists of. */
function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const core = inner(schema);
  if (core instanceof z.ZodRecord) return core.valueType;
  if (core instanceof z.ZodUnion) return core.options.map(elementOf).find(Boolean);
  if (!(core instanceof z.ZodArray)) return undefined;
  return Object.keys(shapeOf(core.element)).length > 0 ? core.element : undefined;
}

function takes(schema: z.core.$ZodType): Setting['takes'] {
  const core = inner(schema);
  if (core instanceof z.ZodRecord) return 'mapping';
  if (core instanceof z.ZodBoolean) return 'flag';
  if (elementOf(schema) !== undefined) return 'list';
  return core instanceof z.ZodNumber ? 'number' : 'text';
}

/** The settings of a schema as a tree, of which a part is made when somebody looks at it: a start hardly does. */
export function describe(schema: z.core.$ZodType, path: readonly string[] = []): Setting {
  const about = schema instanceof z.ZodType ? abouts.get(schema) : undefined;
  const children = once(() => {
    const entries = Object.entries(shapeOf(schema));
    return new Map(entries.map(([key, child]) => [key, describe(child, [...path, key])]));
  });
  const element = once(() => {
    const found = elementOf(schema);
    return found && describe(found, path);
  });
  const { meaning = '', expects = A_MAPPING, why } = about ?? {};
  const without = about === undefined ? {} : undefined;
  return {
    ...{ path, meaning, expects, why },
    fallback: schema instanceof z.ZodPrefault ? schema.def.defaultValue : without,
    get takes() {
      return children().size > 0 ? 'mapping' : takes(schema);
    },
    get children() {
      return children();
    },
    get element() {
      return element();
    },
  };
}

/**
 * The JSON Schema of what {@link decode} reads, for editors and other programs. It takes all that we
 * take, and refuses most of what we refuse.
 */
export function toJsonSchema(schema: z.ZodType): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(schema, {
    // The one that editors know best.
    target: 'draft-7',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      // Nobody sends us a value that we gave them, which is what this keyword is about.
      delete jsonSchema.readOnly;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      // A section whose lines are all commented out.
      if (zodSchema instanceof z.ZodObject) Object.assign(jsonSchema, { type: ['object', 'null'] });
      const about = zodSchema instanceof z.ZodType ? abouts.get(zodSchema) : undefined;
      if (about === undefined) return;
      if (about.expects === A_MAPPING) delete jsonSchema.default;
      else jsonSchema.description = `${about.meaning} Takes ${about.expects}.`;
    },
  });
}
