import type { ConditionKind, SchemaKinds } from '../condition.js';
import type { PlainTemplate } from '../../greylist/text-template.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { StateEntry } from './states.js';
declare const STATES: readonly ["missing", "address-literal"];
type State = (typeof STATES)[number];
/** An address literal, in canonical spelling. */
type LiteralEntry = {
    readonly kind: 'literal';
    readonly text: string;
};
type HeloEntry = ConditionEntry<'names'> | LiteralEntry | StateEntry<State>;
declare const schema: ({ either, list, required, section, text }: SchemaKinds) => import("zod").ZodUnion<readonly [import("zod").ZodType<readonly HeloEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly HeloEntry[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    template: import("zod").ZodCodec<import("zod").ZodString, import("zod").ZodCustom<PlainTemplate, PlainTemplate>>;
}, import("zod/v4/core").$strict>>]>;
/** What the client calls itself. */
export declare const heloCondition: ConditionKind<ReturnType<typeof schema>>;
export {};
