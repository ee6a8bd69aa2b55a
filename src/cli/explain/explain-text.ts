import type { Explanation } from '../../daemon/trials/explain-mail.js';
import type { ClientView, SourceView } from '../../daemon/trials/source-view.js';
import type { Rule } from '../../rules/rule.js';
import type { ConditionTrace, RuleTrace } from '../../rules/trail.js';
import type { StoreState } from './explain-store.js';
import { labelOf, placeText, settingsInForce, wordOf } from './explain-words.js';
import { printable } from '../terminal/printable.js';

/** Longer names of rules push the rest of their line to the right. */
const widestRule = 40;
const labelWidth = 11;
/** Of the rules behind the one that decides, so many are named. */
const shownNotAsked = 5;
const indent = ' '.repeat(labelWidth);

/**
 * An explanation for people: each rule in a line that begins with what came of it and ends with the
 * first reason, and the result at the end, where it stays on the screen.
 */
export function formatExplanation(explanation: Explanation, state: StoreState): string {
  const { attempt, rules, messageRules, exemption, stage } = explanation;
  const { clientAddress, clientName, helo, sender, recipient } = attempt;
  const early = stage === 'rcpt' || stage === 'data' ? '' : ` at ${stage.toUpperCase()}`;
  const paragraphs = [
    [
      row('mail', `from <${sender.text}> to <${recipient.text}>`),
      row('client', `${clientAddress?.text ?? 'none'}, ${clientName ?? 'no verified name'}`),
      ...(helo === undefined ? [] : [row('helo', helo)]),
      row('exempt', exemptionText(explanation)),
    ],
    ruleLines(`rules${early}`, rules, exemption),
    messageRules.length === 0 ? [] : ruleLines('message-rules', messageRules, undefined),
    lookupLines(explanation),
    settingLines(explanation),
    tripletLines(explanation, state),
    exceptionLines(explanation),
    resultLines(explanation),
  ];
  return paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.map(printable).join('\n')}\n`)
    .join('\n');
}

function row(label: string, text: string): string {
  return `${label.padEnd(labelWidth)}${text}`;
}

function exemptionText({ exemption, trustedNetwork, attempt }: Explanation): string {
  switch (exemption) {
    case undefined:
      return 'no';
    case 'authenticated':
      return `yes, authenticated: it has logged in as ${attempt.login ?? ''}`;
    case 'tls':
      return `yes, tls: its certificate is verified, ${attempt.certSubject ?? ''}`;
    case 'local':
      return `yes, local: it comes by the daemon ${attempt.daemonName ?? 'of this machine'}`;
    case 'access-map':
      return `yes, access-map: the macro {greylist} says ${attempt.accessMap ?? ''}`;
    case 'trusted':
      return `yes, trusted: the client is in ${trustedNetwork ?? 'a network'}, which is in trusted`;
  }
}

function ruleLines(
  label: string,
  traces: readonly RuleTrace[],
  exemption: Explanation['exemption'],
): readonly string[] {
  if (traces.length === 0) return [row(label, 'there are none')];
  if (exemption !== undefined) return [row(label, 'none is asked, since it is exempt')];
  const asked = traces.filter(({ match }) => match !== undefined);
  const notAsked = traces.filter(({ match }) => match === undefined);
  const shown = [...asked, ...notAsked.slice(0, shownNotAsked)];
  const names = shown.map(({ rule }) => rule.name.length).filter((width) => width <= widestRule);
  const nameWidth = Math.max(0, ...names);
  const placeWidth = Math.max(0, ...shown.map(({ rule }) => placeText(rule.place).length));
  const rest = traces.length - shown.length;
  return [
    label,
    ...shown.flatMap((trace) => {
      const { rule } = trace;
      const head = [
        wordOf(trace).padEnd('does not match'.length),
        rule.name.padEnd(nameWidth),
        placeText(rule.place).padEnd(placeWidth),
      ].join('  ');
      return [`  ${head}  ${reasonOf(trace)}`, ...conditionLines(trace)];
    }),
    ...(rest === 0 ? [] : [`  not asked       ${rest} more`]),
  ];
}

/** The first condition that decides, or what the rule is without any. */
function reasonOf({ rule, match, conditions, obstacles }: RuleTrace): string {
  if (match === undefined) return '';
  const [decisive = conditions[0]] = obstacles;
  const why = decisive === undefined ? 'everybody' : `${labelOf(decisive)}: ${findingOf(decisive)}`;
  if (match === 'match') return `${why}; then ${rule.action}`;
  return match === 'tempfail' ? `${why}; on-unknown: tempfail` : why;
}

/** All conditions, where the first line has not said everything. */
function conditionLines({ match, conditions }: RuleTrace): readonly string[] {
  if (match === undefined || conditions.length < 2) return [];
  const width = Math.max(...conditions.map((condition) => labelOf(condition).length));
  return conditions.map((condition) => {
    const { truth } = condition;
    const word = truth === undefined ? 'not asked' : truth;
    const finding = truth === undefined ? '' : findingOf(condition);
    return `      ${labelOf(condition).padEnd(width)}  ${word.padEnd(9)}  ${finding}`;
  });
}

function findingOf({ findings, truth }: ConditionTrace): string {
  return findings.length === 0 ? (truth ?? 'not asked') : findings.join(', ');
}

const lookupNames = {
  dnsList: 'dns list',
  spf: 'spf',
  mailExchangers: 'mx',
  clientName: 'name',
  geo: 'geo',
  url: 'url',
  ldap: 'ldap',
  dkim: 'dkim',
} as const;

function lookupLines({ lookups }: Explanation): readonly string[] {
  if (lookups.length === 0) return [];
  const width = Math.max(...lookups.map(({ question }) => question.length));
  return [
    'lookups',
    ...lookups.map(
      ({ kind, question, answer, known }) =>
        `  ${lookupNames[kind].padEnd(8)}  ${question.padEnd(width)}  ${known ? '' : 'unknown: '}${answer}`,
    ),
  ];
}

function settingLines(explanation: Explanation): readonly string[] {
  if (explanation.exemption !== undefined) return [];
  const settings = settingsInForce(explanation);
  const width = Math.max(...settings.map(({ name }) => name.length));
  const values = Math.max(...settings.map(({ value }) => value.length));
  return [
    'settings',
    ...settings.map(
      ({ name, value, by }) =>
        `  ${name.padEnd(width)}  ${value.padEnd(values)}${by === undefined ? '' : `  ${byRule(by)}`}`,
    ),
  ];
}

function tripletLines(explanation: Explanation, state: StoreState): readonly string[] {
  const { triplet, sources = [], client } = explanation;
  if (triplet === undefined) return [];
  const { sender, recipient } = triplet;
  const network = explanation.network ?? '';
  const lines = [
    row('triplet', `${network}, <${sender}>, <${recipient}> (identity: network)`),
    row('store', storeText(state, sources, sender === '')),
  ];
  const earned = client === undefined ? [] : [row('client', clientText(client))];
  return [...lines, ...sources.map((source) => `${indent}${sourceText(source)}`), ...earned];
}

function storeText(
  state: StoreState,
  sources: readonly SourceView[],
  isNullSender: boolean,
): string {
  switch (state.kind) {
    case 'skipped':
      return 'not asked (--no-store)';
    case 'absent':
      return `${state.path} is not there yet: everybody is new`;
    case 'unreadable':
      return `${state.path} cannot be asked: ${state.problem} (${state.code})`;
    case 'read': {
      if (sources.length > 0) return `${state.path} knows, times in UTC:`;
      const who = isNullSender ? 'network and recipient' : 'sender and recipient';
      return `${state.path} knows nothing of this ${who}`;
    }
  }
}

function sourceText(source: SourceView): string {
  const { network, address, name, state, isClient, attempts } = source;
  const [first, last, end] = [source.firstSeenAt, source.lastSeenAt, source.expiresAt].map(timeOf);
  const words = {
    passed: `passed, known until ${end}`,
    pending: `pending since ${first}, remembered until ${end}`,
    ended: `ended ${end}`,
  } as const;
  const tries = `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, the last ${last}`;
  const who = `${address}${name === undefined ? '' : `, ${name}`}`;
  return `${isClient ? 'this client' : 'another'}  ${network}  ${words[state]}; ${tries} by ${who}`;
}

function exceptionLines({ provider, expected, answers }: Explanation): readonly string[] {
  const lines: string[] = [];
  if (provider !== undefined) {
    const { provider: company, network, term } = provider;
    const { name, domain, reason, date } = company;
    lines.push(
      row('provider', `${name}, on the list since ${date} (${reason})`),
      `${indent}${network.text} by SPF of ${domain}: ${term}`,
    );
  }
  if (expected !== undefined) {
    const { sender, recipient } = expected;
    lines.push(row('replies', `an answer of <${sender}> to <${recipient}> need not wait`));
  }
  if (answers !== undefined) {
    const { record, proof } = answers;
    const by = { spf: 'SPF', 'mail-exchangers': 'mail exchangers' }[proof.by];
    lines.push(
      row(
        'reply',
        `to mail of ${timeOf(record.writtenAt)} UTC, ${proof.isProven ? '' : 'not '}proven`,
      ),
      `${indent}${by}: ${proof.finding}`,
    );
  }
  return lines;
}

function clientText({ points, isExempt, expiresAt }: ClientView): string {
  const passes = `${points} first ${points === 1 ? 'pass' : 'passes'}`;
  return isExempt
    ? `exempt until ${timeOf(expiresAt)}, by ${passes} (client-autowhite)`
    : `${passes} counted, remembered until ${timeOf(expiresAt)} (client-autowhite)`;
}

function timeOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

function resultLines(explanation: Explanation): readonly string[] {
  const { decision, reply, exemption, messageRuling } = explanation;
  const lines = [
    row('result', resultText(explanation)),
    ...(decision === undefined ? [] : [`${indent}${reply ?? 'the client may go on'}`]),
    ...(exemption === undefined ? [`${indent}${causeOf(explanation)}`] : []),
  ];
  if (messageRuling?.rule === undefined) return lines;
  const { action, rule } = messageRuling;
  return [...lines, `${indent}then, at the end of the message: ${action}, ${byRule(rule)}`];
}

function resultText({ decision, terms }: Explanation): string {
  if (decision === undefined) {
    return 'greylisted: whoever is new waits; the store, which was not asked, knows who is not';
  }
  const { verdict, would, reason, mode, identity } = decision;
  const elsewhere = identity === undefined || identity === 'network' ? '' : `, by ${identity}`;
  const seconds =
    'waitMs' in decision && decision.waitMs !== undefined
      ? `, ${Math.ceil(decision.waitMs / 1000)} s to wait`
      : '';
  const shown = `${would} (${reason}${elsewhere}${seconds})`;
  return mode === 'enforce' || verdict === would
    ? shown
    : `${verdict}, because of mode ${terms.mode}; otherwise ${shown}`;
}

function causeOf({ ruling, rules, provider, answers }: Explanation): string {
  if (provider !== undefined) return `large senders pass: ${provider.provider.name}`;
  if (answers?.proof.isProven === true) return 'an answer to mail of your own user';
  if (ruling?.rule !== undefined) return byRule(ruling.rule);
  return rules.length === 0
    ? 'there are no rules: everybody is greylisted'
    : 'no rule has decided: whoever is left is greylisted';
}

function byRule(rule: Rule): string {
  return `by rule "${rule.name}" (${placeText(rule.place)})`;
}
