import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
type CountryEntry = ConditionEntry<'values'> | StateEntry<'unknown'>;
declare const schema: ({ either, list, optional, section, sequence, whole, withChecks }: SchemaKinds) => import("zod").ZodReadonly<import("zod").ZodObject<{
    countries: import("zod").ZodOptional<import("zod").ZodType<readonly CountryEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly CountryEntry[], string | readonly string[]>>>;
    asn: import("zod").ZodOptional<import("zod").ZodUnion<readonly [import("zod").ZodInt, import("zod").ZodReadonly<import("zod").ZodArray<import("zod").ZodInt>>]>>;
}, import("zod/v4/core").$strict>>;
/** Where the client is. */
export declare const geoCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
