import { toTemplate } from './template.js';
import type { Rule, RuleValue, Statement } from './syntax.js';

type PlacedRule = Rule & Pick<Statement, 'lastLine'>;

/** A reply code that a rule may find set already. */
export interface EarlierCode {
  readonly text: string;
  /** The last line of the rule that sets it. */
  readonly line: number;
}

/** What `continue` rules before a rule may have left to it. */
export interface Inheritance {
  /** Header fields: there is only one there, which a later one takes the place of. */
  readonly headers: readonly string[];
  /** The first is sure to be there if {@link isCodeSure}; each later one may be in its place. */
  readonly codes: readonly EarlierCode[];
  readonly isCodeSure: boolean;
  /** Whether one of them has a text of its own. */
  readonly hasText: boolean;
}

export const noInheritance: Inheritance = {
  headers: [],
  codes: [],
  isCodeSure: false,
  hasText: false,
};

/** What each of the rules of a stage may find, in the order in which they are asked. */
export function inheritanceOf(rules: readonly PlacedRule[]): ReadonlyMap<PlacedRule, Inheritance> {
  const found = new Map<PlacedRule, Inheritance>();
  let before = noInheritance;
  for (const rule of rules) {
    found.set(rule, before);
    if (rule.action === 'continue') before = behind(rule, before);
  }
  return found;
}

function behind(rule: PlacedRule, before: Inheritance): Inheritance {
  // A rule with conditions may leave what was there as it was.
  const isForAll = rule.clauses.length === 0;
  const name = headerNameOf(rule.values);
  const code = codeOf(rule);
  const others = before.headers.filter((other) => other.toLowerCase() !== name?.toLowerCase());
  const earlier = { text: code ?? '', line: rule.lastLine };
  return {
    headers: name === undefined ? before.headers : isForAll ? [name] : [...others, name],
    codes: code === undefined ? before.codes : isForAll ? [earlier] : [...before.codes, earlier],
    isCodeSure: before.isCodeSure || (code !== undefined && isForAll),
    hasText: before.hasText || rule.values.some(({ kind }) => kind === 'msg'),
  };
}

/** The reply code that a rule itself sets. */
export function codeOf({ values }: Pick<Rule, 'values'>): string | undefined {
  return values.flatMap((value) => (value.kind === 'code' ? [value.text] : []))[0];
}

/** The name of the field that a rule adds, if it is one. */
function headerNameOf(values: readonly RuleValue[]): string | undefined {
  const value = values.find(({ kind }) => kind === 'addheader');
  if (value?.kind !== 'addheader') return undefined;
  return splitHeader(toTemplate(value.format).text)?.name;
}

/** The name and the value of a header field. */
export function splitHeader(
  text: string,
): { readonly name: string; readonly content: string } | undefined {
  const [, name, content] = /^([^:]*): (.*)$/s.exec(text) ?? [];
  return name === undefined || content === undefined ? undefined : { name, content };
}
