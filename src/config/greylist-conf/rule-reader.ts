import { nearest } from '../nearest.js';
import { CLAUSE_WORDS, readClause } from './clause-reader.js';
import type { Reader } from './reader.js';
import { checkClause } from './rule-checks.js';
import type { Action, Clause, Rule, RuleValue } from './syntax.js';
import { readValue, VALUE_WORDS } from './value-reader.js';

const ACTIONS: readonly Action[] = ['greylist', 'whitelist', 'blacklist', 'continue'];

/** Reads a rule from behind its word. */
export function readRule(reader: Reader, keyword: 'racl' | 'dacl' | 'acl'): Rule {
  const { lexer } = reader;
  const start = lexer.offset;
  const id = lexer.sees(/"/y) ? reader.string('its name') : undefined;
  if (keyword === 'acl' && id !== undefined) {
    lexer.fail('has a name, which only racl and dacl have', 'write racl', start);
  }
  const action = readAction(reader, keyword);
  const stage = keyword === 'dacl' ? 'data' : 'rcpt';
  return { kind: 'rule', keyword, stage, id, action, ...new RuleReader(reader, stage).read() };
}

function readAction(reader: Reader, keyword: string): Action {
  const { lexer } = reader;
  const start = lexer.offset;
  const action = reader.oneOf(ACTIONS, 'what to do');
  if (keyword === 'acl' && action === 'continue') {
    lexer.fail('has continue, which only racl and dacl have', 'write racl', start);
  }
  if (lexer.sees(/"/y)) {
    const hint = `write ${keyword} ${lexer.shown()} ${action}`;
    lexer.fail('has its name behind what to do', hint);
  }
  return action;
}

/** What stands behind the action. */
class RuleReader {
  readonly #reader: Reader;
  readonly #stage: 'rcpt' | 'data';
  readonly #clauses: Clause[] = [];
  readonly #values: RuleValue[] = [];
  #isDefault = false;

  constructor(reader: Reader, stage: 'rcpt' | 'data') {
    this.#reader = reader;
    this.#stage = stage;
  }

  read(): Pick<Rule, 'clauses' | 'values'> {
    const { lexer } = this.#reader;
    while (!lexer.isAtLineEnd) this.#readPart();
    if (!this.#isDefault && this.#clauses.length === 0) {
      lexer.fail('has no condition', 'write default if it is for all that comes here');
    }
    return { clauses: this.#clauses, values: this.#values };
  }

  #readPart(): void {
    const { lexer } = this.#reader;
    const start = lexer.offset;
    const isNegated = this.#takeNegation();
    if (this.#reader.takeWord('default')) {
      this.#default(isNegated, start);
    } else if (!this.#readClause(isNegated, start)) {
      if (isNegated) lexer.fail(`has ${lexer.shown()} behind a not`, 'a condition stands there');
      this.#readValue(start);
    }
  }

  #readValue(start: number): void {
    const { lexer } = this.#reader;
    const value = readValue(this.#reader);
    if (value === undefined) return this.#unknown();
    const isTwice = this.#values.some(({ kind }) => kind === value.kind);
    if (isTwice && value.kind !== 'maxpeek') {
      lexer.fail(`has ${value.kind} twice`, 'write it once', start);
    }
    this.#values.push({ ...value, place: lexer.place(start) });
    return undefined;
  }

  #takeNegation(): boolean {
    const reader = this.#reader;
    return reader.lexer.takeSign('!') || reader.takeWord('not') || reader.takeWord('no');
  }

  #default(isNegated: boolean, start: number): void {
    const { lexer } = this.#reader;
    if (isNegated) lexer.fail('has default behind a not', 'a rule for nothing is none', start);
    if (this.#clauses.length > 0) {
      lexer.fail('has default and conditions', 'write one of them', start);
    }
    if (this.#isDefault || this.#values.length > 0) this.#tooLate('default', start);
    this.#isDefault = true;
  }

  #readClause(isNegated: boolean, start: number): boolean {
    const reader = this.#reader;
    const { lexer } = reader;
    const at = lexer.offset;
    const hadContext = this.#clauses.length > 0 && lexer.sees(/\*\$/y);
    const test = readClause(reader);
    if (test === undefined) return false;
    if (this.#isDefault) lexer.fail('has default and conditions', 'write one of them', start);
    if (this.#values.length > 0) this.#tooLate(test.kind, start);
    const clause = { ...test, isNegated, place: lexer.place(at) };
    checkClause(reader, clause, { offset: at, stage: this.#stage, before: this.#clauses });
    this.#noteOf(clause, at, hadContext);
    this.#clauses.push(clause);
    return true;
  }

  /** What milter-greylist cannot read, or does not survive. */
  #noteOf(clause: Clause, offset: number, hadContext: boolean): void {
    const isCrash = clause.kind === 'rcptcount' || clause.kind === 'spamd';
    if (isCrash && clause.comparison?.operand.kind === 'property') {
      const problem = `compares ${clause.kind} with a property, of which milter-greylist crashes`;
      this.#reader.note(problem, 'it is compared here', offset);
    }
    if (hadContext && this.#clauses.some(({ kind }) => hasPatterns(kind))) {
      const problem = 'has *$ behind a condition that can have a pattern';
      this.#reader.note(problem, 'milter-greylist refuses that: write it first', offset);
    }
  }

  #tooLate(what: string, start: number): never {
    const hint = 'write all conditions first, then what is set';
    return this.#reader.lexer.fail(`has ${what} behind what is set`, hint, start);
  }

  #unknown(): never {
    const { lexer } = this.#reader;
    const shown = lexer.shown();
    const similar = nearest(shown.slice(1, -1), [...CLAUSE_WORDS, ...VALUE_WORDS]);
    const other = similar === undefined ? 'conditions and values stand here' : `write ${similar}`;
    const hint = shown === '","' ? 'for one of several, write a list above: list "name" …' : other;
    return lexer.fail(`has ${shown}, which is no word of rules`, hint);
  }
}

/** Behind these words, milter-greylist takes `/` for a pattern up to the end of the line. */
function hasPatterns(kind: Clause['kind']): boolean {
  return [
    ...['helo', 'from', 'rawfrom', 'rcpt', 'auth', 'tls', 'header', 'body', 'domain', 'p0f'],
    ...['sm_macro', 'property'],
  ].includes(kind);
}
