import { Findings } from './findings.js';
import type {
  Definition,
  Flag,
  GreylistConf,
  List,
  Rule,
  Stage,
  Statement,
  TarpitScope,
} from './syntax.js';

export type Dnsrbl = Extract<Definition, { readonly kind: 'dnsrbl' }>;
export type SendmailMacro = Extract<Definition, { readonly kind: 'sm_macro' }>;
export type UrlCheck = Extract<Definition, { readonly kind: 'urlcheck' }>;
export type LdapCheck = Extract<Definition, { readonly kind: 'ldapcheck' }>;
export type RateLimit = Extract<Definition, { readonly kind: 'ratelimit' }>;

/** Something that is defined, with the statement that does it. */
export type Defined<T> = T & Pick<Statement, 'place' | 'lastLine'>;

/** What the translation of one file knows, and what it has found so far. */
export interface Context {
  readonly findings: Findings;
  readonly flags: ReadonlySet<Flag>;
  readonly dnsrbl: ReadonlyMap<string, Defined<Dnsrbl>>;
  readonly macros: ReadonlyMap<string, Defined<SendmailMacro>>;
  readonly urls: ReadonlyMap<string, Defined<UrlCheck>>;
  readonly ldap: ReadonlyMap<string, Defined<LdapCheck>>;
  readonly rates: ReadonlyMap<string, Defined<RateLimit>>;
  /** Those that are counted at the end of messages. */
  readonly countedRates: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, Defined<List>>;
  /** Whether there is a database of countries that we can read. */
  readonly hasCountries: boolean;
  /** Whether there is only one in a form that is not read here. */
  readonly hasOldCountries: boolean;
  /** What waiting is counted by where a rule does not say. */
  readonly tarpitScope: TarpitScope | undefined;
  /** The name that a list has here, where names have fewer characters to choose from. */
  nameOf(list: string): string;
  /** The name that a rate has here: its own, which the log shows, wherever that is possible. */
  rateNameOf(rate: string): string;
  /**
   * The name that a web server or a question to a directory has here, in one line of moderate length;
   * where it is asked of messages in other words than of recipients, it is a lookup of its own.
   */
  lookupNameOf(lookup: string, stage: Stage): string;
  /** Whether rules of a stage ask a web server or a directory. */
  isAsked(kind: 'urlcheck' | 'ldapcheck', name: string, stage: Stage): boolean;
}

/**
 * Gathers what a file defines.
 *
 * @param flags those that a command line has set
 */
export function createContext(conf: GreylistConf, flags: readonly Flag[] = []): Context {
  const { statements } = conf;
  const given = statements.flatMap((one) => (one.kind === 'flag' ? [one.flag] : []));
  const dnsrbl = new Map<string, Defined<Dnsrbl>>();
  const macros = new Map<string, Defined<SendmailMacro>>();
  const urls = new Map<string, Defined<UrlCheck>>();
  const ldap = new Map<string, Defined<LdapCheck>>();
  const rates = new Map<string, Defined<RateLimit>>();
  const lists = new Map<string, Defined<List>>();
  for (const one of statements) {
    if (one.kind === 'dnsrbl') dnsrbl.set(one.name, one);
    else if (one.kind === 'sm_macro') macros.set(one.name, one);
    else if (one.kind === 'urlcheck') urls.set(one.name, one);
    else if (one.kind === 'ldapcheck') ldap.set(one.name, one);
    else if (one.kind === 'ratelimit') rates.set(one.name, one);
    else if (one.kind === 'list') lists.set(one.name, one);
  }
  const hasCountries = statements.some((one) => one.kind === 'geoip2db' && one.path !== '');
  const hasOld = statements.some(({ kind }) => kind === 'geoipdb' || kind === 'geoipv6db');
  return {
    ...{ dnsrbl, macros, urls, ldap, rates, lists },
    countedRates: new Set(statements.flatMap(countedBy)),
    findings: new Findings(),
    flags: new Set([...given, ...flags]),
    hasCountries,
    hasOldCountries: hasOld && !hasCountries,
    tarpitScope: statements.findLast((one) => one.kind === 'tarpit_scope')?.scope,
    nameOf: createNames(),
    rateNameOf: createRateNames([...rates.keys()]),
    lookupNameOf: createLookupNames([...urls.keys(), ...ldap.keys()]),
    isAsked: (kind, name, stage) =>
      statements.some(
        (one) => one.kind === 'rule' && one.stage === stage && asks(one, kind, name, lists),
      ),
  };
}

function countedBy(statement: Statement): readonly string[] {
  if (statement.kind !== 'rule' || statement.stage !== 'data') return [];
  return statement.clauses.flatMap((one) => (one.kind === 'ratelimit' ? [one.name] : []));
}

/** Whether a rule asks a server, by itself or by a list. */
function asks(
  { clauses }: Rule,
  kind: 'urlcheck' | 'ldapcheck',
  name: string,
  lists: Context['lists'],
): boolean {
  return clauses.some((clause) => {
    if (clause.kind === kind) return clause.name === name;
    const list = clause.kind === 'list' ? lists.get(clause.name) : undefined;
    return list?.type === kind && list.items.some(({ text }) => text === name);
  });
}

/** Names as they are, but for those that none can have here. */
function createLookupNames(names: readonly string[]): Context['lookupNameOf'] {
  const isFine = (name: string): boolean => /^[^\p{Cc}]{1,80}$/u.test(name) && name.trim() === name;
  const others = createNames(names.filter(isFine));
  return (name, stage) => {
    if (stage === 'data') return others(`${name}-message`);
    return isFine(name) ? name : others(name);
  };
}

/** Those that a condition can have as they are. */
function createRateNames(names: readonly string[]): Context['rateNameOf'] {
  const isFine = (name: string): boolean => /^[!-~](?:[ -~]{0,62}[!-~])?$/.test(name);
  const others = createNames(names.filter(isFine));
  return (name) => (isFine(name) ? name : others(name));
}

/** Names of up to 64 letters, digits, dots, dashes and underscores, no two of them alike. */
function createNames(others: readonly string[] = []): Context['nameOf'] {
  const names = new Map<string, string>();
  const taken = new Set(others);
  return (list) => {
    const known = names.get(list);
    if (known !== undefined) return known;
    const plain =
      list
        .normalize('NFKD')
        .replace(/[^A-Za-z0-9_.-]+/g, '-')
        .replace(/^[^A-Za-z0-9]+|-+$/g, '')
        .slice(0, 56) || 'list';
    let free = plain;
    for (let number = 2; taken.has(free); number++) free = `${plain}-${number}`;
    taken.add(free);
    names.set(list, free);
    return free;
  };
}
