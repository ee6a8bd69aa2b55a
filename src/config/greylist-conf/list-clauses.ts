import type { Context } from './context.js';
import { askDnsList, askMacro, askUrl } from './defined-clauses.js';
import { addressEntry, isPattern } from './entries.js';
import { at } from './placed.js';
import type { Mapping, Node } from './placed.js';
import {
  askAddresses,
  askBodies,
  askDomains,
  askHeaders,
  askHelo,
  askLogins,
  askSubjects,
} from './subject-clauses.js';
import type { List, Stage, TextValue } from './syntax.js';
import { anyOf, block, leftOut, lookup, never } from './test.js';
import type { Test } from './test.js';
import { whatComes } from './time-schedule.js';

/** Whether the client, the sender and so on are in a list. */
export function askList(name: string, stage: Stage, context: Context): Test {
  const list = context.lists.get(name);
  if (list === undefined) return never('it is not defined');
  const named = `list:${context.nameOf(name)}`;
  switch (list.type) {
    case 'addr':
      return block({ client: named });
    case 'from':
    case 'rawfrom':
    case 'rcpt':
      if (list.items.some(isPattern)) return askAddresses(list.type, list.items, context);
      if (list.type === 'rcpt') return block({ recipient: named });
      return block({ sender: list.type === 'rawfrom' ? { raw: named } : named });
    case 'domain':
      return askDomains(list.items, context);
    case 'helo':
      return askHelo(list.items, context);
    case 'auth':
      return askLogins(list.items, context);
    case 'tls':
      return askSubjects(list.items, context);
    case 'header':
      return askHeaders(list.items, context);
    case 'body':
      return askBodies(list.items, context);
    case 'geoip':
      if (!context.hasCountries) return never('there is no database of countries');
      if (!list.items.some(isCountry)) return never('there is no country in it');
      // In a list of ours ZZ would be a country like others.
      return lookup({ geo: { countries: list.items.some(isNowhere) ? [named, 'ZZ'] : named } });
    case 'dnsrbl':
      return anyOf(list.items.map(({ text }) => askDnsList(text, context)));
    case 'urlcheck':
      return anyOf(list.items.map(({ text }) => askUrl(text, stage, context)));
    case 'sm_macro':
      return anyOf(list.items.map(({ text }) => askMacro(text, context)));
    case 'time':
      return askTime(list.items.map(({ text }) => text));
    case 'p0f':
      return leftOut;
  }
}

/** What is no code in upper case is no country, and never matches. */
function isCountry({ text }: TextValue): boolean {
  return /^[A-Z]{2}$/.test(text);
}

/** Who is in no country that the database knows. */
function isNowhere({ text }: TextValue): boolean {
  return text === 'ZZ';
}

/** Whether it is one of some times. */
export function askTime(schedules: readonly string[]): Test {
  const cron = schedules.map(whatComes).filter((schedule) => schedule !== undefined);
  return cron.length > 0 ? block({ time: { cron } }) : never('no clock shows such a time');
}

/** A list as it stands in our configuration; undefined where rules have its entries themselves. */
export function writeList(list: List): Mapping | undefined {
  if (list.type === 'addr') {
    return { clients: list.items.map(({ text, place }) => at(place, shortNetwork(text))) };
  }
  if (list.type === 'geoip') {
    const countries = list.items.filter(isCountry);
    if (countries.length === 0) return undefined;
    return { values: countries.map(({ text, place }) => at(place, text)) };
  }
  if (list.type !== 'from' && list.type !== 'rawfrom' && list.type !== 'rcpt') return undefined;
  const texts = list.items.flatMap((item) => (isPattern(item) ? [] : [addressEntry(item)]));
  if (texts.length < list.items.length) return undefined;
  return { [list.type === 'rcpt' ? 'recipients' : 'senders']: texts };
}

/** An address without the length that goes without saying. */
export function shortNetwork(text: string): Node {
  return text.replace(text.includes(':') ? /\/128$/ : /\/32$/, '');
}
