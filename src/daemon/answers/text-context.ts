import type { Attempt } from '../../greylist/attempt.js';
import type { TemplateContext, TextSurroundings } from '../../greylist/template-context.js';
import type { Ruling } from '../../rules/rule.js';
import type { MacroSource } from './macro-source.js';

/** What there is to tell of an attempt once rules have been asked. */
export interface Told extends Pick<
  TemplateContext,
  'attempt' | 'now' | 'elapsedMs' | 'remainingMs' | 'decision' | 'reply'
> {
  readonly attempt: Attempt;
  readonly macros: MacroSource;
  /** Undefined where no rule was asked. */
  readonly ruling: Ruling | undefined;
}

/** What texts may show of it. */
export function textContext(
  surroundings: TextSurroundings,
  { macros, ruling, ...told }: Told,
): TemplateContext {
  const { timeZone, version, host } = surroundings;
  const { rule, found, properties, groups = () => [] } = ruling ?? {};
  return {
    ...told,
    timeZone,
    version,
    host,
    get tripletSender() {
      return surroundings.spellSender(told.attempt.sender);
    },
    macro: (symbol) => macros.macro(symbol),
    found,
    properties,
    groups,
    rule: rule && { name: rule.name, line: rule.place.line },
  };
}
