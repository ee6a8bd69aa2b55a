import { nearest } from '../nearest.js';
import { readDomain, readMailbox, readNetwork } from './addresses.js';
import { readDefinition } from './definition-reader.js';
import { StatementError } from './lexer.js';
import type { Remark } from './lexer.js';
import { readList } from './list-reader.js';
import { Reader } from './reader.js';
import { readRule } from './rule-reader.js';
import { settings } from './setting-reader.js';
import type {
  ClauseTest,
  Definition,
  GreylistConf,
  List,
  Rule,
  Setting,
  Statement,
} from './syntax.js';

export type { Remark } from './lexer.js';

/** A file of milter-greylist as it was understood. */
export interface ParsedGreylistConf extends GreylistConf {
  /** What is wrong, in the order of the file; what is right stands in the statements nevertheless. */
  readonly problems: readonly Remark[];
  /** What was read although milter-greylist refuses it, or reads it otherwise. */
  readonly notes: readonly Remark[];
}

type StatementBody = Rule | List | Setting | Definition;

const RULES = ['racl', 'dacl', 'acl'] as const;
const DEFINITIONS: readonly Definition['kind'][] = [
  ...(['dnsrbl', 'sm_macro', 'urlcheck', 'ldapcheck', 'ratelimit', 'tsig', 'nsupdate'] as const),
];
const HISTORIC = ['addr', 'domain', 'from', 'rawfrom', 'rcpt'] as const;

const statements: ReadonlyMap<string, (reader: Reader) => StatementBody> = new Map<
  string,
  (reader: Reader) => StatementBody
>([
  ...settings,
  ...DEFINITIONS.map((word) => [word, (reader: Reader) => readDefinition(reader, word)] as const),
  ...RULES.map((word) => [word, (reader: Reader) => readRule(reader, word)] as const),
  ...HISTORIC.map((word) => [word, (reader: Reader) => readHistoric(reader, word)] as const),
  ['list', readList],
]);

/**
 * Reads a greylist.conf of milter-greylist 4.6 or before. Whatever the text is, this returns: behind a
 * mistake it goes on with the next statement, in time that grows with the text and no faster.
 */
export function parseGreylistConf(text: string): ParsedGreylistConf {
  const lines = text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
  const reader = new Reader(lines);
  if (text.includes('\r\n')) {
    const problem = 'has lines that end as on Windows, which milter-greylist refuses';
    reader.note(problem, undefined, lines.indexOf('\n'));
  }
  const { lexer } = reader;
  const found: Statement[] = [];
  while (!lexer.isAtEnd) {
    const statement = lexer.isAtLineEnd ? undefined : readStatement(reader);
    if (statement !== undefined) found.push(statement);
    lexer.endLine();
  }
  for (const place of lexer.dropped) {
    const problem = 'has text behind a backslash, which is dropped as in milter-greylist';
    reader.notes.push({ place, problem, hint: 'end the line with the backslash' });
  }
  if (/[^\s]$/.test(lines)) {
    const problem = 'ends without a newline, which milter-greylist refuses';
    reader.note(problem, undefined, lines.length);
  }
  return {
    statements: found,
    comments: lexer.comments,
    problems: inOrder(reader.problems),
    notes: inOrder(reader.notes),
  };
}

function inOrder(remarks: readonly Remark[]): readonly Remark[] {
  return [...remarks].sort(
    (a, b) => a.place.line - b.place.line || a.place.column - b.place.column,
  );
}

/** Up to the end of its line; undefined if it is wrong. */
function readStatement(reader: Reader): Statement | undefined {
  const { lexer } = reader;
  try {
    const place = lexer.place();
    const body = readBody(reader);
    if (!lexer.isAtLineEnd) {
      lexer.fail(`has ${lexer.shown()} behind it`, 'a statement ends with its line');
    }
    return { ...body, place, lastLine: lexer.place().line };
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    reader.problems.push(error.remark);
    lexer.skipLine();
    return undefined;
  }
}

function readBody(reader: Reader): StatementBody {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  const word = reader.keyword();
  const read = statements.get(word ?? '');
  if (read !== undefined) return read(reader);
  if (word === undefined) {
    return lexer.fail(`has ${shown} where a statement begins`, 'remove it, or write # before it');
  }
  const similar = nearest(word, statements.keys());
  const isAction = ['whitelist', 'blacklist', 'continue'].includes(word);
  const meant = isAction ? `racl ${word}` : similar;
  const hint = meant === undefined ? 'remove it, or write # before it' : `write ${meant}`;
  return lexer.fail(`has ${shown}, which is no statement of milter-greylist`, hint, start);
}

/** `addr 192.0.2.1` and so on: a rule of one condition that lets pass, before all others. */
function readHistoric(reader: Reader, keyword: (typeof HISTORIC)[number]): Rule {
  const place = reader.lexer.place();
  const clauses = [{ ...readHistoricTest(reader, keyword), isNegated: false, place }];
  const action = 'whitelist';
  return { kind: 'rule', keyword, stage: 'rcpt', id: undefined, action, clauses, values: [] };
}

function readHistoricTest(reader: Reader, keyword: (typeof HISTORIC)[number]): ClauseTest {
  switch (keyword) {
    case 'addr':
      return { kind: keyword, network: readNetwork(reader) };
    case 'domain':
      return { kind: keyword, operand: readDomain(reader) };
    case 'from':
    case 'rawfrom':
    case 'rcpt':
      return { kind: keyword, operand: readMailbox(reader) };
  }
}
