import { parseNetwork } from '../mail/network.js';
import type { Network } from '../mail/network.js';
import { looksLikePattern, type Pattern } from '../rules/pattern.js';
import type { ClientEntry } from '../rules/sets/client-entry.js';
import { parseNameEntry } from '../rules/sets/name-entry.js';
import { noEffect, parsePostgreyPattern } from './postgrey-line.js';
import type { LineNote, PostgreyEntry, PostgreyLine } from './postgrey-line.js';

type ClientLine = PostgreyLine<ClientEntry>;

/** What Postfix calls a client without a verified name, and Postgrey takes for a name. */
const NAMELESS = 'unknown';

const REMOVE = 'remove it if that was not meant';

/** Names without a character in common but the dot: what matches them as well matches all. */
const ANY_NAMES = ['q.x', 'j7.z.w'] as const;

/**
 * Reads a line of Postgrey's `whitelist_clients`: a name with all names below it, a pattern for names,
 * an address, its beginning (`192.0.2`) or a network.
 */
export function parsePostgreyClient(line: PostgreyEntry): ClientLine {
  const { text } = line;
  if (looksLikePattern(text)) return clientPattern(line);
  if (/\s/.test(text)) return noEffect('has a blank in it', 'write one entry a line');
  if (text.toLowerCase() === NAMELESS) {
    return { entries: [{ kind: 'nameless', text }], notes: [ofNameless('is')] };
  }
  if (/^\d+(?:\.\d+){0,2}$/.test(text)) return beginning(text);
  return /^[[\d.]+(?:[/\]-].*)?$|:.*:/.test(text) ? network(text) : name(text);
}

function clientPattern(line: PostgreyEntry): ClientLine {
  const parsed = parsePostgreyPattern(line);
  if (!('entries' in parsed)) return parsed;
  const [entry] = parsed.entries;
  if (entry?.pattern.matches(NAMELESS) !== true) return parsed;
  return {
    entries: [entry, { kind: 'nameless', text: line.text }],
    notes: [...parsed.notes, isCatchAll(entry.pattern) ? ofAll() : ofNameless('matches')],
  };
}

function isCatchAll(pattern: Pattern): boolean {
  return ANY_NAMES.every((each) => pattern.matches(each));
}

function ofAll(): LineNote {
  return { problem: 'matches every name: it lets every client pass', hint: REMOVE };
}

function ofNameless(verb: string): LineNote {
  const problem = `${verb} "${NAMELESS}": it lets every client pass that has no verified name`;
  return { problem, hint: REMOVE };
}

/** The first octets of an address: one is too few, as in Postgrey; two are a /16, as was meant. */
function beginning(text: string): ClientLine {
  const octets = text.split('.');
  const whole = `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`;
  const found = parseNetwork(whole);
  if (found === undefined) return noEffect('is no network');
  if (octets.length === 1) return noEffect('is a name of digits', `write ${whole} for the network`);
  const entries = [entryOf(found)];
  if (octets.length === 3) return { entries, notes: [] };
  const problem = `is ${found.text}, as Postgrey's manual says; Postgrey takes it for ${text}.0.0/24`;
  return { entries, notes: [{ problem, hint: `write ${text}.0 if that was meant` }] };
}

function network(text: string): ClientLine {
  const bare = text.replace(/[[\]]/g, '');
  const found = parseNetwork(bare);
  if (found === undefined) {
    return noEffect('is no network', 'write 192.0.2.0/24, 2001:db8::/32 or an address');
  }
  const entries = [entryOf(found)];
  // Around an IPv6 address, or all of a network, brackets mean nothing there.
  const isRead = text === bare || (bare.includes(':') && text.endsWith(']'));
  return { entries, notes: isRead ? [] : [{ problem: 'matches here; not so in Postgrey' }] };
}

function entryOf(found: Network): ClientEntry {
  return { kind: 'network', text: found.text, network: found };
}

function name(text: string): ClientLine {
  const parsed = parseNameEntry(text);
  if ('problem' in parsed)
    return noEffect(parsed.problem.replace('has a *', 'has a * in it'), parsed.hint);
  const entry = parsed.ok;
  if (entry.kind === 'below') {
    const problem = `matches all names below ${entry.domain} here; nothing in Postgrey`;
    const hint = `write ${entry.domain} for that name as well`;
    return { entries: [entry], notes: [{ problem, hint }] };
  }
  const within: ClientEntry = { kind: 'within', text: entry.text, domain: entry.text };
  const notes = text.endsWith('.') ? [{ problem: 'matches here; nothing in Postgrey' }] : [];
  return { entries: [within], notes };
}
