import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.js';
import { neutral } from './schema-issue.js';
import { A_MAPPING } from './settings.js';
import { formatSize, parseSize } from './size.js';
import { parseAccount } from './values.js';
import { writtenForms } from './written-forms.js';
const abouts = z.registry();
/** A setting with its default as one would write it. */
export function setting(schema, fallback, about) {
    const described = schema.prefault(fallback).describe(about.meaning);
    abouts.add(described, about);
    return described;
}
/** A setting that may be left out without anything in its place. */
export function optional(schema, about) {
    const described = z.optional(schema).describe(about.meaning);
    abouts.add(described, about);
    return described;
}
/** A setting that must be written. */
export function required(schema, about) {
    const described = schema.describe(about.meaning);
    abouts.add(described, about);
    return described;
}
/** A mapping that knows all its keys. */
export function section(shape) {
    return z.strictObject(shape).readonly();
}
const off = z.codec(z.literal('off'), z.null(), {
    decode: () => null,
    encode: () => 'off',
});
/** A section that can be turned off as a whole, by `off` or null; it is null then. */
export function sectionOrOff(shape) {
    return z.union([off, z.null(), section(shape)]);
}
/** A value that may be written in two ways, of different kinds in YAML. */
export function either(first, second) {
    return z.union([first, second]);
}
/** One or several of two kinds of values; one alone stands for a list of one. */
export function oneOrMore(first, second) {
    const either = z.union([first, second]);
    // The list comes first, so that it is what a value is written as; the other is for reading only.
    return z.union([z.array(either).readonly(), either.transform((value) => [value])]);
}
/**
 * A schema that stands in several places, and once in the JSON Schema.
 *
 * @param id its name there
 */
export function shared(id, schema) {
    return schema.meta({ id });
}
/** A list of mappings of one shape. */
export function sequence(element) {
    return z.array(element).readonly();
}
/** A mapping whose keys are names that somebody gives. */
export function named(parseName, form, element) {
    const record = z.record(textOf(form), element);
    return withChecks(record, (value) => Object.keys(value).flatMap((name) => {
        const parsed = parseName(name);
        return 'ok' in parsed ? [] : [{ ...parsed, path: [name], atKey: true }];
    })).readonly();
}
/** A schema with rules between the parts of its value; they are looked at once each part is fine. */
export function withChecks(schema, check) {
    return schema.check((context) => {
        if (context.issues.length > 0)
            return;
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
export function wrapped(schema, wrap, unwrap) {
    return z.codec(schema, z.custom(), { decode: wrap, encode: unwrap });
}
/** Runs a value parser inside the schema; what it objects to becomes an issue. */
function read(parse, check) {
    return (written, context) => {
        const parsed = parse(String(written));
        const refusal = 'ok' in parsed ? check?.(parsed.ok) : undefined;
        if ('ok' in parsed && refusal === undefined)
            return parsed.ok;
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
function within(min, max, format) {
    return (value) => {
        if (value < min)
            return `must be at least ${format(min)}`;
        return value > max ? `must be at most ${format(max)}` : undefined;
    };
}
function textOf(form) {
    return z.string().meta({ ...form });
}
/** A value that is written as text. */
export function text(parse, format, form) {
    return z.codec(textOf(form), z.custom(), { decode: read(parse), encode: format });
}
/** A list of values that are written as text; one alone stands for a list of one. */
export function list(parse, format, form) {
    // The list comes first, so that it is what a value is written as; the other is for reading only,
    // and yet no plain transform, since nothing that has one can be tried for writing.
    const one = z.codec(textOf(form), z.custom(Array.isArray), {
        decode: (written, context) => [read(parse)(written, context)],
        encode: (values, context) => {
            // Checks are left out where a value is only tried for writing.
            if (Array.isArray(values))
                return values.map(format).join();
            context.issues.push({ code: 'custom', input: values, message: 'is no list' });
            return z.NEVER;
        },
    });
    return z.union([z.array(text(parse, format, form)).readonly(), one]);
}
/** Milliseconds, written as a duration. */
export function duration(minMs, maxMs) {
    return z.codec(textOf(writtenForms.duration), z.number(), {
        decode: read(parseDuration, within(minMs, maxMs, formatDuration)),
        encode: formatDuration,
    });
}
/** The same, or `off` or null, which is null. */
export function durationOrOff(minMs, maxMs) {
    return z.union([off, z.null(), duration(minMs, maxMs)]);
}
/** Bytes, written as a size. */
export function size(minBytes, maxBytes) {
    const written = z.union([
        textOf(writtenForms.size),
        z.int().meta({ minimum: minBytes, maximum: maxBytes }),
    ]);
    return z.codec(written, z.number(), {
        decode: read(parseSize, within(minBytes, maxBytes, formatSize)),
        encode: formatSize,
    });
}
/** A number, or a text that only becomes one later. */
export function numberOr(number, later) {
    return z.union([number, later]);
}
/** A whole number. */
export function whole(min, max) {
    return z.int().min(min).max(max);
}
/**
 * A whole number with rules of its own.
 *
 * @param bounds what the JSON Schema can say of them
 */
export function checkedWhole(check, bounds) {
    const checked = z.int().check((context) => {
        const result = check(context.value);
        if ('ok' in result)
            return;
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
export function choice(words) {
    return z.enum(words);
}
/** True or false. */
export function flag() {
    return z.boolean();
}
/** An account's name or number; null for the one the process runs under. */
export function account() {
    const written = z.union([
        textOf(writtenForms.account),
        z.int().meta({ minimum: 0, maximum: 9_999_999_999 }),
    ]);
    return z
        .codec(written, z.string(), { decode: read(parseAccount), encode: (name) => name })
        .nullable();
}
/** Reads plain data by a schema: the value, or everything that is wrong with it. */
export function decode(schema, input) {
    const result = z.safeParse(schema, input);
    if (result.success)
        return { ok: result.data };
    return { issues: result.error.issues.flatMap((issue) => neutral(issue, [])) };
}
/** The plain data from which {@link decode} makes this value, with every default written out. */
export function encode(schema, value) {
    return z.encode(schema, value);
}
/** What only surrounds another schema, taken off. */
function inner(schema) {
    if (schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly) {
        return inner(schema.unwrap());
    }
    if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) {
        return inner(schema.unwrap());
    }
    return schema instanceof z.ZodCodec ? inner(schema.def.in) : schema;
}
function shapeOf(schema) {
    const core = inner(schema);
    if (core instanceof z.ZodObject)
        return core.shape;
    if (!(core instanceof z.ZodUnion))
        return {};
    return Object.fromEntries(core.options.flatMap((option) => Object.entries(shapeOf(option))));
}
/** The schema of what a list of mappings, or a mapping of names, consists of. */
function elementOf(schema) {
    const core = inner(schema);
    if (core instanceof z.ZodRecord)
        return core.valueType;
    if (core instanceof z.ZodUnion)
        return core.options.map(elementOf).find(Boolean);
    if (!(core instanceof z.ZodArray))
        return undefined;
    return Object.keys(shapeOf(core.element)).length > 0 ? core.element : undefined;
}
function takes(schema) {
    const core = inner(schema);
    if (core instanceof z.ZodRecord)
        return 'mapping';
    if (core instanceof z.ZodBoolean)
        return 'flag';
    if (elementOf(schema) !== undefined)
        return 'list';
    return core instanceof z.ZodNumber ? 'number' : 'text';
}
/** The settings of a schema as a tree. */
export function describe(schema, path = []) {
    const about = schema instanceof z.ZodType ? abouts.get(schema) : undefined;
    const children = new Map(Object.entries(shapeOf(schema)).map(([key, child]) => [key, describe(child, [...path, key])]));
    const element = elementOf(schema);
    return {
        path,
        meaning: about?.meaning ?? '',
        expects: about?.expects ?? A_MAPPING,
        takes: children.size > 0 ? 'mapping' : takes(schema),
        why: about?.why,
        fallback: schema instanceof z.ZodPrefault
            ? schema.def.defaultValue
            : about === undefined
                ? {}
                : undefined,
        children,
        element: element && describe(element, path),
    };
}
/**
 * The JSON Schema of what {@link decode} reads, for editors and other programs. It takes all that we
 * take, and refuses most of what we refuse.
 */
export function toJsonSchema(schema) {
    return z.toJSONSchema(schema, {
        // The one that editors know best.
        target: 'draft-7',
        io: 'input',
        override: ({ zodSchema, jsonSchema }) => {
            // Nobody sends us a value that we gave them, which is what this keyword is about.
            delete jsonSchema.readOnly;
            if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER)
                delete jsonSchema.minimum;
            if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER)
                delete jsonSchema.maximum;
            // A section whose lines are all commented out.
            if (zodSchema instanceof z.ZodObject)
                Object.assign(jsonSchema, { type: ['object', 'null'] });
            const about = zodSchema instanceof z.ZodType ? abouts.get(zodSchema) : undefined;
            if (about === undefined)
                return;
            if (about.expects === A_MAPPING)
                delete jsonSchema.default;
            else
                jsonSchema.description = `${about.meaning} Takes ${about.expects}.`;
        },
    });
}
//# sourceMappingURL=schema-kinds.js.map