import type { ConditionKind } from '../condition.js';
import { assignmentsSchema } from '../property-set.js';
/** Sets properties at its place among the conditions. */
export declare const setCondition: ConditionKind<ReturnType<typeof assignmentsSchema>>;
