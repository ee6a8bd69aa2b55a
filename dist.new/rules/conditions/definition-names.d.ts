import type { Parsed } from '../../config/parsed.js';
import type { CompileContext } from '../condition.js';
/** Reads the name of something that is defined under `lookups`. */
export declare function parseDefinitionName(text: string): Parsed<string>;
/** What the names stand for; those that stand for nothing are complained of. */
export declare function definitionsOf<T>(names: readonly string[], all: Readonly<Record<string, T>>, section: string, { complain }: CompileContext): readonly (readonly [name: string, definition: T])[];
