import type { Attempt } from '../greylist/attempt.js';
import type { TemplateContext, TextSurroundings } from '../greylist/template-context.js';
import type { Facts } from './facts.js';
import type { Pattern } from './pattern.js';
import type { Properties, PropertyValues } from './properties.js';
import type { Rule } from './rule.js';

/** A pattern that was found, and where. */
interface PatternMatch {
  readonly pattern: Pick<Pattern, 'groups'>;
  readonly subject: string;
}

/** What is known of an attempt while rules are asked about it. */
interface Known {
  readonly facts: Facts;
  readonly found: ReadonlyMap<string, string>;
  readonly properties: Properties;
}

const noMatches: readonly PatternMatch[] = [];

/** What texts in rules show while these are asked: each what is known by then. */
export class EvaluationTexts implements TemplateContext {
  readonly attempt: Attempt;
  readonly now: number;
  readonly timeZone: TextSurroundings['timeZone'];
  readonly version: string;
  readonly host: string;
  readonly found: ReadonlyMap<string, string>;
  readonly #facts: Facts;
  readonly #properties: Properties;
  readonly #surroundings: TextSurroundings;
  #rule: Rule | undefined;
  /** Those of this rule; replaced with each change, so that who has it keeps what there was. */
  #matches = noMatches;

  constructor({ facts, found, properties }: Known, surroundings: TextSurroundings) {
    this.attempt = facts.attempt;
    this.now = facts.shownNow ?? facts.now;
    this.timeZone = surroundings.timeZone;
    this.version = surroundings.version;
    this.host = surroundings.host;
    this.found = found;
    this.#facts = facts;
    this.#properties = properties;
    this.#surroundings = surroundings;
  }

  get tripletSender(): string {
    return this.#surroundings.spellSender(this.attempt.sender);
  }

  get properties(): PropertyValues {
    return this.#properties.values;
  }

  get rule(): TemplateContext['rule'] {
    const rule = this.#rule;
    return rule && { name: rule.name, line: rule.place.line };
  }

  macro(symbol: string): string | undefined {
    return this.#facts.macro(symbol);
  }

  /** What the groups of this rule's patterns have caught, those of the last pattern first. */
  groups(): readonly string[] {
    return groupsOf(this.#matches);
  }

  /** Another rule is asked: what the patterns of the last one have found is its own. */
  begin(rule: Rule): void {
    this.#rule = rule;
    this.#matches = noMatches;
  }

  /** A condition of the rule has found a pattern. */
  see(pattern: Pick<Pattern, 'groups'>, subject: string): void {
    this.#matches = [...this.#matches, { pattern, subject }];
  }

  /** The groups as they are now, found out when somebody asks; undefined without any pattern. */
  keepGroups(): (() => readonly string[]) | undefined {
    const matches = this.#matches;
    return matches.length === 0 ? undefined : () => groupsOf(matches);
  }
}

function groupsOf(matches: readonly PatternMatch[]): readonly string[] {
  return matches.toReversed().flatMap(({ pattern, subject }) => pattern.groups(subject));
}
