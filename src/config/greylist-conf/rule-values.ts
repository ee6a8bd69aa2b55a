import { parseHeaderName } from '../rule-values.js';
import { actions } from '../rule-actions.js';
import { checkRejectCode } from '../rule-values.js';
import { checkReplyCode } from '../values.js';
import type { Context } from './context.js';
import type { FormatPart, FormatString } from './format-string.js';
import { REFUSAL_TEXT } from './defaults.js';
import { codeOf, splitHeader } from './inheritance.js';
import type { Inheritance } from './inheritance.js';
import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import type { Rule, RuleValue, Statement } from './syntax.js';
import { toTemplate, withoutRecipient } from './template.js';
import { durationOf } from './settings.js';
import { lineText, replyText, tellMissing } from './texts.js';

/** As many fields as no mail has: whatever is beyond comes last. */
const LAST_POSITION = 1000;

type Then = 'greylist' | 'accept' | 'reject' | 'tempfail' | 'continue';

/** What a rule does, in our words. */
export interface Outcome {
  readonly then: Then;
  readonly settings: Mapping;
}

/** The action and the values of a rule; what has no effect there is left out, and told. */
export function translateOutcome(
  rule: Rule & Pick<Statement, 'place' | 'lastLine'>,
  inherited: Inheritance,
  context: Context,
): Outcome {
  const then = actionOf(rule, inherited, context);
  const settings: Record<string, Node> = {};
  // Our own rules have another text for who is put off.
  if (then === 'tempfail' && !inherited.hasText) settings['text'] = at(rule.place, REFUSAL_TEXT);
  for (const value of valuesOf(rule)) {
    const written =
      value.kind === 'addheader'
        ? translateHeader(value, inherited, context)
        : translateValue(value, { then, rule }, context);
    for (const [key, node] of Object.entries(written)) {
      if (isOfUse(key, then)) settings[key] = at(value.place, node);
      else context.findings.note(value.place, value.kind, uselessness(rule));
    }
  }
  return { then, settings };
}

function valuesOf(rule: Rule & Pick<Statement, 'lastLine'>): readonly RuleValue[] {
  return rule.values.map((value) => {
    if (!('format' in value)) return value;
    const format = withOwnLine(value.format, rule);
    return { ...value, format: rule.stage === 'rcpt' ? format : withoutRecipient(format) };
  });
}

/** A rule is known by its last line there; what one that goes on says is said by another one. */
function withOwnLine(
  format: FormatString,
  { action, lastLine }: Rule & Pick<Statement, 'lastLine'>,
): FormatString {
  const isOwn = (part: FormatPart): boolean =>
    part.kind === 'value' && (part.token === 'cA' || (part.token === 'A' && action !== 'continue'));
  const parts = format.parts.map((part): FormatPart =>
    isOwn(part) ? { kind: 'literal', text: String(lastLine) } : part,
  );
  return { ...format, parts };
}

function actionOf(
  rule: Rule & Pick<Statement, 'place'>,
  inherited: Inheritance,
  context: Context,
): Then {
  const { action, keyword } = rule;
  // What it was for: to try greylisting out with some recipients.
  if (keyword === 'rcpt' && context.flags.has('testmode')) return 'greylist';
  if (action === 'whitelist') return 'accept';
  if (action !== 'blacklist') return action;
  const own = codeOf(rule);
  if (own !== undefined) return isForNow(own) ? 'tempfail' : 'reject';
  return actionByEarlier(rule, inherited, context);
}

/** A blacklisted client is put off for now if its code says so, be it that of a rule before. */
function actionByEarlier(
  { place }: Pick<Statement, 'place'>,
  { codes, isCodeSure }: Inheritance,
  { findings }: Context,
): 'tempfail' | 'reject' {
  const forNow = codes.filter(({ text }) => isForNow(text));
  const [first] = forNow;
  if (first === undefined) return 'reject';
  if (isCodeSure && forNow.length === codes.length) return 'tempfail';
  const { text, line } = first;
  const problem = `refuses for good, also where the rule of line ${line} has set the code "${text}" before`;
  findings.note(place, 'blacklist', problem, `write code "${text}" here if that is meant`);
  return 'reject';
}

function isForNow(code: string): boolean {
  return !code.startsWith('5');
}

function isOfUse(key: string, then: Then): boolean {
  // What a rule that goes on says about times is forgotten by the one that decides.
  const isTime = key === 'delay' || key === 'autowhite';
  if (then === 'continue' && isTime) return false;
  return key === 'log' || key === 'forget' || actions[then].settings.includes(key);
}

function uselessness({ action }: Rule): string {
  return `does nothing where a rule says ${action}, and is left out`;
}

type OtherValue = Exclude<RuleValue, { readonly kind: 'addheader' }>;

function translateValue(
  value: OtherValue,
  { then, rule }: { readonly then: Then; readonly rule: Rule },
  context: Context,
): Mapping {
  switch (value.kind) {
    case 'delay':
    case 'autowhite':
      return { [value.kind]: durationOf(value.kind, value, context) };
    case 'flushaddr':
      return { forget: 'client' };
    case 'nolog':
      return { log: 'debug' };
    case 'code':
      return translateCode(value, then, context);
    case 'ecode':
      return translateEnhanced(value, classOf(then, rule), context);
    case 'msg':
      return { text: replyText(value, then, context) };
    case 'report':
      return { report: lineText(value, value.format, context) };
    case 'subjtag':
      return { 'subject-tag': lineText(value, value.format, context) };
    case 'addfooter':
      return { footer: footerText(value, context) };
    // The one holds for all messages, the other for the clause.
    case 'maxpeek':
    case 'tarpit_scope':
      return {};
  }
}

function footerText(
  value: Extract<RuleValue, { readonly kind: 'addfooter' }>,
  { findings }: Context,
): string {
  const { text, missing } = toTemplate(value.format);
  tellMissing(value, missing, findings);
  return text;
}

type CodeValue = Extract<RuleValue, { readonly text: string }>;

function translateCode({ text, place }: CodeValue, then: Then, { findings }: Context): Mapping {
  const code = Number(text);
  const isRefusal = then === 'reject' || (then === 'continue' && text.startsWith('5'));
  const checked = isRefusal ? checkRejectCode(code) : checkReplyCode(code);
  if ('ok' in checked) return { code };
  findings.note(place, 'code', `${checked.problem}: the usual one is said`, checked.hint);
  return {};
}

/** How the reply code begins; undefined where a rule that goes on leaves that to others. */
function classOf(then: Then, rule: Rule): '4' | '5' | undefined {
  if (then !== 'continue') return then === 'reject' ? '5' : '4';
  const own = codeOf(rule);
  return own === undefined ? undefined : isForNow(own) ? '4' : '5';
}

/** The reply code and the enhanced one are of one class, or an MTA would do as it likes. */
function translateEnhanced(
  { text, place }: CodeValue,
  wanted: '4' | '5' | undefined,
  { findings }: Context,
): Mapping {
  const isCode = /^[45](?:\.(?:0|[1-9]\d{0,2})){2}$/.test(text);
  if (!isCode) {
    findings.note(place, 'ecode', 'is no enhanced status code: the usual one is said');
    return {};
  }
  if (wanted === undefined || text.startsWith(wanted)) return { enhanced: text };
  findings.note(place, 'ecode', `begins with ${wanted} here, as the reply code does`);
  return { enhanced: wanted + text.slice(1) };
}

function translateHeader(
  value: Extract<RuleValue, { readonly kind: 'addheader' }>,
  inherited: Inheritance,
  context: Context,
): Mapping {
  const { index, place } = value;
  const valueOf = (line: string): string => splitHeader(line)?.content ?? line;
  const text = lineText(value, value.format, context, valueOf);
  if (text === undefined) return {};
  const { name, content } = splitHeader(text) ?? { name: '', content: '' };
  if (!('ok' in parseHeaderName(name))) {
    const hint = 'write it as in "X-Name: value"';
    // Whoever read the line has told of one without a colon.
    if (value.format.text.includes(': '))
      context.findings.note(place, 'addheader', 'is no header field, and none is added', hint);
    return {};
  }
  const position = index && Math.min(Math.max(index, 0), LAST_POSITION);
  const field: Node = position === undefined ? content : { value: content, at: position };
  const others = inherited.headers.filter((other) => other.toLowerCase() !== name.toLowerCase());
  const without = Object.fromEntries(others.map((other) => [other, null]));
  return { headers: { ...without, [name]: field } };
}
