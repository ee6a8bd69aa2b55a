import type { Parsed } from '../../config/parsed.js';
import type { CompileContext } from '../condition.js';

/** Reads the name of something that is defined under `lookups`. */
export function parseDefinitionName(text: string): Parsed<string> {
  if (/^[^\p{Cc}]{1,80}$/u.test(text) && text.trim() === text) return { ok: text };
  return { problem: 'is no name', hint: 'write a name that stands under lookups' };
}

/** What the names stand for; those that stand for nothing are complained of. */
export function definitionsOf<T>(
  names: readonly string[],
  all: Readonly<Record<string, T>>,
  section: string,
  context: Pick<CompileContext, 'complain'>,
): readonly (readonly [name: string, definition: T])[] {
  return names.flatMap((name, index) => {
    const definition = Object.hasOwn(all, name) ? all[name] : undefined;
    if (definition !== undefined) return [[name, definition] as const];
    const known = Object.keys(all).join(', ');
    const hint = known === '' ? `write it under ${section}` : `there are ${known}`;
    context.complain([index], `names what is not under ${section}, ${name}`, hint);
    return [];
  });
}
