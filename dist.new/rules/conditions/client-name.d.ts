import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["verified", "unverified", "missing", "temporarily-unknown", "generic"];
type State = (typeof STATES)[number];
type NameStateEntry = ConditionEntry<'names'> | StateEntry<State>;
type EndingEntry = {
    readonly kind: 'ending';
    readonly text: string;
    readonly ending: string;
};
declare const schema: ({ either, list, optional, section, withChecks }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodType<readonly NameStateEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly NameStateEntry[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    'ends-with': import("zod").ZodOptional<import("zod").ZodType<readonly EndingEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly EndingEntry[], string | readonly string[]>>>;
    matches: import("zod").ZodOptional<import("zod").ZodType<readonly {
        readonly kind: "pattern";
        readonly text: string;
        readonly pattern: import("../pattern.js").Pattern;
    }[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly {
        readonly kind: "pattern";
        readonly text: string;
        readonly pattern: import("../pattern.js").Pattern;
    }[], string | readonly string[]>>>;
}, import("zod/v4/core").$strict>>]>;
/** The name that the client's address has. */
export declare const clientNameCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
