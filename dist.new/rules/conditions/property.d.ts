import type { PlainTemplate } from '../../greylist/text-template.js';
import type { ConditionKind } from '../condition.js';
import type { SchemaKinds } from '../condition.js';
import type { ValueEntry } from '../sets/value-entry.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["set", "unset"];
type State = (typeof STATES)[number];
type Entry = ValueEntry | StateEntry<State>;
declare const schema: (kinds: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodRecord<import("zod").ZodString, import("zod").ZodUnion<readonly [import("zod").ZodType<readonly Entry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly Entry[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    'glob-of': import("zod").ZodOptional<import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>>;
    over: import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
    'at-least': import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
    under: import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
    'up-to': import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
    is: import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
    'is-not': import("zod").ZodOptional<import("zod").ZodType<number | PlainTemplate, unknown, import("zod/v4/core").$ZodTypeInternals<number | PlainTemplate, unknown>>>;
}, import("zod/v4/core").$strict>>]>>>;
/** What properties are that rules or lookups have set. */
export declare const propertyCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
