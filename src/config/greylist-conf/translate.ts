import { bodyLimit } from './body-limit.js';
import type { Context } from './context.js';
import { createContext } from './context.js';
import { translateDefinitions } from './definitions.js';
import { GREYLIST_CONF_DEFAULTS } from './defaults.js';
import { exemptionsOf, exemptsBySpf } from './exemptions.js';
import type { Finding } from './findings.js';
import { translateFlag } from './flags.js';
import { inheritanceOf, noInheritance } from './inheritance.js';
import { writeList } from './list-clauses.js';
import { merge } from './parts.js';
import { at, plant } from './placed.js';
import type { Mapping, Node, Tree } from './placed.js';
import { inOrder, nameRules, translateRule } from './rules.js';
import { tarpitLimit, usualTarpit } from './tarpit-limit.js';
import { translateSettings } from './settings.js';
import type { SettingStatement } from './settings.js';
import type { Flag, GreylistConf, Statement } from './syntax.js';

/** A file of milter-greylist's as a configuration of ours, and what whoever wrote it should know. */
export interface Translation {
  readonly tree: Tree;
  readonly findings: readonly Finding[];
}

/**
 * Translates a whole file.
 *
 * @param flags those that a command line has set beside it
 */
export function translate(conf: GreylistConf, flags: readonly Flag[] = []): Translation {
  const context = createContext(conf, flags);
  const settings = conf.statements.filter(isSetting);
  const whole = [
    GREYLIST_CONF_DEFAULTS,
    { exempt: exemptionsOf(conf, context) },
    translateDefinitions(conf, context),
    bodyLimit(conf, context),
    tarpitLimit(conf, context),
    ...flags.map(translateFlag),
    translateSettings(settings, context),
    { lists: translateLists(context) },
    translateRules(conf, context),
  ].reduce(merge, {});
  const findings = context.findings.all.toSorted(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
  );
  return { tree: plant(inReadingOrder(whole)), findings };
}

/** Kinds of statements that define something, or are rules. */
const OTHERS: ReadonlySet<string> = new Set([
  ...[
    'rule',
    'list',
    'dnsrbl',
    'sm_macro',
    'urlcheck',
    'ldapcheck',
    'ratelimit',
    'tsig',
    'nsupdate',
  ],
]);

function isSetting(statement: Statement): statement is Statement & SettingStatement {
  return !OTHERS.has(statement.kind);
}

function translateLists(context: Context): Mapping | undefined {
  const lists = [...context.lists.values()].flatMap((list) => {
    const written = writeList(list);
    return written === undefined
      ? []
      : [[context.nameOf(list.name), at(list.place, written)] as const];
  });
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}

function translateRules(conf: GreylistConf, context: Context): Mapping {
  const rules = conf.statements.filter((one) => one.kind === 'rule');
  const [ofRcpt, ofData] = [inOrder(rules, 'rcpt'), inOrder(rules, 'data')];
  const names = nameRules(rules, context);
  const inheritance = new Map([...inheritanceOf(ofRcpt), ...inheritanceOf(ofData)]);
  const write = (rule: (typeof ofRcpt)[number]): Node => {
    const inherited = inheritance.get(rule) ?? noInheritance;
    return translateRule(rule, { name: names.get(rule) ?? '', inherited }, context);
  };
  const written = [...before(conf, context), ...ofRcpt.map(write), ...behind(context)];
  const messageRules = ofData.map(write).filter((rule) => rule !== undefined);
  return {
    rules: written.filter((rule) => rule !== undefined),
    'message-rules': messageRules.length === 0 ? undefined : messageRules,
  };
}

/**
 * Who passes by SPF; who waits in any case, where rules do not say how long; and the null sender, by which others ask whether an address exists, is answered
 * once it sends mail.
 */
function before(conf: GreylistConf, context: Context): readonly Node[] {
  const spf = { name: 'spf', when: { spf: 'pass' }, then: 'accept' };
  const delayed = {
    name: 'delayedreject',
    when: { sender: '<>' },
    then: 'continue',
    stage: 'data',
  };
  return [
    ...(exemptsBySpf(conf, context) ? [spf] : []),
    ...usualTarpit(conf, context),
    ...(context.flags.has('delayedreject') ? [delayed] : []),
  ];
}

/** Whom no rule matches. */
function behind({ flags }: Context): readonly Node[] {
  return flags.has('testmode') ? [{ name: 'testmode', then: 'accept' }] : [];
}

/** The sections of a configuration in the order in which one would want to read them. */
const ORDER = [
  ...['listen', 'user', 'group', 'pid-file', 'store', 'greylist', 'refusal', 'exempt', 'trusted'],
  ...['lists', 'rules', 'message-rules', 'lookups', 'limits', 'activity', 'log', 'reload'],
] as const;

function inReadingOrder(whole: Mapping): Mapping {
  const keys = [...ORDER, ...Object.keys(whole)].filter((key) => Object.hasOwn(whole, key));
  return Object.fromEntries([...new Set(keys)].map((key) => [key, whole[key]]));
}
