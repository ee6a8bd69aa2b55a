import { z } from 'zod';

import { formatDuration, parseDuration } from './duration.js';
import type { Parsed } from './parsed.js';
import { A_MAPPING } from './settings.js';
import type { Path, Setting } from './settings.js';
import { formatSize, parseSize } from './size.js';
import { parseAccount } from './values.js';
import { writtenForms } from './written-forms.js';
import type { WrittenForm } from './written-forms.js';

/** Something wrong with a configuration, before it is put into words. */
export type SchemaIssue = { readonly path: Path } & (
  | { readonly kind: 'unknown-key' }
  /** Another kind of value than the setting takes. */
  | { readonly kind: 'type' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'range'; readonly problem: string }
  | { readonly kind: 'value'; readonly problem: string; readonly hint: string | undefined }
);

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

/** A mapping that knows all its keys. */
export function section<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>> {
  return z.strictObject(shape).readonly();
}

/** A section that can be turned off as a whole, by `off` or null; it is null then. */
export function sectionOrOff<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodUnion<
  readonly [
    z.ZodCodec<z.ZodLiteral<'off'>, z.ZodNull>,
    z.ZodNull,
    z.ZodReadonly<z.ZodObject<Shape, z.core.$strict>>,
  ]
> {
  const off = z.codec(z.literal('off'), z.null(), {
    decode: () => null,
    encode: () => 'off' as const,
  });
  return z.union([off, z.null(), section(shape)]);
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
  // The list comes first, so that it is what a value is written as; the other is for reading only.
  const one = textOf(form).transform((written, context) => [read(parse)(written, context)]);
  return z.union([z.array(text(parse, format, form)).readonly(), one]);
}

/** Milliseconds, written as a duration. */
export function duration(minMs: number, maxMs: number): z.ZodCodec<z.ZodString, z.ZodNumber> {
  return z.codec(textOf(writtenForms.duration), z.number(), {
    decode: read(parseDuration, within(minMs, maxMs, formatDuration)),
    encode: formatDuration,
  });
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

/** Of a union's branches the one that was meant: the one that takes a value of this kind at all. */
function meantBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  const isOtherKind = ({ code, path }: z.core.$ZodIssue): boolean =>
    path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
  return branches.find((issues) => !issues.some(isOtherKind));
}

function neutral(issue: z.core.$ZodIssue, base: Path): readonly SchemaIssue[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? '' : part))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ kind: 'unknown-key', path: [...path, key] }));
    case 'invalid_union': {
      const branch = meantBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => neutral(inner, path));
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
      if (issue.params?.['isRange'] === true) return [{ kind: 'range', path, problem }];
      const hint: unknown = issue.params?.['hint'];
      return [{ kind: 'value', path, problem, hint: typeof hint === 'string' ? hint : undefined }];
    }
    case 'invalid_type':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return [{ kind: 'type', path }];
  }
}

/** Reads plain data by a schema: the value, or everything that is wrong with it. */
export function decode<T extends z.ZodType>(
  schema: T,
  input: unknown,
): { readonly ok: z.output<T> } | { readonly issues: readonly SchemaIssue[] } {
  const result = z.safeParse(schema, input);
  if (result.success) return { ok: result.data };
  return { issues: result.error.issues.flatMap((issue) => neutral(issue, [])) };
}

/** The plain data from which {@link decode} makes this value, with every default written out. */
export function encode<T extends z.ZodType>(schema: T, value: z.output<T>): unknown {
  return z.encode(schema, value);
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly) {
    return shapeOf(schema.unwrap());
  }
  if (!(schema instanceof z.ZodUnion)) return {};
  return Object.fromEntries(schema.options.flatMap((option) => Object.entries(shapeOf(option))));
}

function takes(schema: z.core.$ZodType): Setting['takes'] {
  if (
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodNullable
  ) {
    return takes(schema.unwrap());
  }
  if (schema instanceof z.ZodBoolean) return 'flag';
  return schema instanceof z.ZodNumber ? 'number' : 'text';
}

/** The settings of a schema as a tree. */
export function describe(schema: z.core.$ZodType, path: readonly string[] = []): Setting {
  const about = schema instanceof z.ZodType ? abouts.get(schema) : undefined;
  const children = new Map(
    Object.entries(shapeOf(schema)).map(([key, child]) => [key, describe(child, [...path, key])]),
  );
  return {
    path,
    meaning: about?.meaning ?? '',
    expects: about?.expects ?? A_MAPPING,
    takes: children.size > 0 ? 'mapping' : takes(schema),
    why: about?.why,
    fallback: schema instanceof z.ZodPrefault ? schema.def.defaultValue : {},
    children,
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
      const about = zodSchema instanceof z.ZodPrefault ? abouts.get(zodSchema) : undefined;
      if (about === undefined) return;
      if (about.expects === A_MAPPING) delete jsonSchema.default;
      else jsonSchema.description = `${about.meaning} Takes ${about.expects}.`;
    },
  });
}
