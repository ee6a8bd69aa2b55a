import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  stringify,
} from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';

import type { Path } from './settings.js';
import { describeSyntaxError, loneAnchor, unresolvedAlias } from './yaml-traps.js';
import type { SyntaxProblem } from './yaml-traps.js';

/** A place in a text; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where and how a value was written. */
export interface Written {
  readonly key: Place | undefined;
  readonly value: Place;
  /** The characters of a scalar: `0660` is the number 660 to YAML. */
  readonly source: string | undefined;
}

/** Something wrong with the YAML itself. */
export interface YamlProblem extends SyntaxProblem {
  readonly place: Place;
  readonly path: Path;
}

/** A YAML text as plain data, with where everything in it was written. */
export interface YamlText {
  /**
   * Mappings without a prototype, arrays and scalars. Undefined where nothing was written, be it
   * the whole text or the value of a key; null only where null was written.
   */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  written(path: Path): Written | undefined;
}

/** Settings are at most five keys deep, and their values nest a few more. */
const MAX_DEPTH = 16;

/** Far more than a configuration holds; aliases of aliases get there within a few lines. */
const MAX_NODES = 100_000;

/** The tags of what YAML reads without any; all others would make values of other kinds. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

const nameOf = (path: Path): string => path.join('\0');

/** One document being turned into plain data. */
class Reading {
  readonly written = new Map<string, Written>();
  readonly problems: YamlProblem[] = [];
  lastScalar: Place | undefined;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;
  #isStopped = false;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  placeAt(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }

  /** Data from a node. Depth and number of nodes are bounded, also where aliases multiply them. */
  read(node: unknown, path: Path, key?: Place): unknown {
    if (!isAlias(node) && !isMap(node) && !isScalar(node) && !isSeq(node)) return undefined;
    this.#note(node, path, key);
    this.#nodes += 1;
    if (path.length > MAX_DEPTH) this.#stop(node, path, 'is nested too deeply');
    if (this.#nodes > MAX_NODES) this.#stop(node, path, 'makes the configuration too large');
    if (this.#isStopped) return null;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target) return this.read(target, path, key);
      this.#complain(node, path, unresolvedAlias(node.source));
      return null;
    }
    if (node.tag !== undefined && !PLAIN_TAG.test(node.tag)) {
      const hint = 'quote a value that starts with an exclamation mark';
      this.#complain(node, path, { problem: `has the tag ${node.tag}`, hint, isLocal: true });
    }
    if (isScalar(node) && node.anchor !== undefined && node.source === '') {
      this.#complain(node, path, loneAnchor(node.anchor));
      return null;
    }
    const value = this.#readContent(node, path);
    // Only now, so that no alias can stand inside what it stands for.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return value;
  }

  #readContent(node: Scalar | YAMLMap | { items: unknown[] }, path: Path): unknown {
    if (isMap(node)) return this.#readMap(node, path);
    if (isScalar(node)) return node.value === null && node.source === '' ? undefined : node.value;
    return node.items.map((item, index) => this.read(item, [...path, index]) ?? null);
  }

  #readMap(node: YAMLMap, path: Path): unknown {
    // Without a prototype, so that a key is never anything but a key.
    const map: Record<string, unknown> = { __proto__: null };
    for (const { key, value } of node.items) {
      if (!isScalar(key) || typeof key.value !== 'string') {
        const problem = 'has a key that is not text';
        this.#complain(node, path, { problem, hint: undefined, isLocal: true });
        continue;
      }
      const inner = [...path, key.value];
      const place = this.placeAt(key.range?.[0] ?? 0);
      if (Object.hasOwn(map, key.value)) {
        const line = this.written.get(nameOf(inner))?.key?.line ?? 0;
        const hint = `it is on line ${line} already: remove one of them`;
        this.#complain(key, inner, { problem: 'is set twice', hint, isLocal: true });
        continue;
      }
      map[key.value] = this.read(value, inner, place);
      if (value === null) this.written.set(nameOf(inner), { key: place, value: place, source: '' });
    }
    return map;
  }

  #note(node: Node, path: Path, key: Place | undefined): void {
    const name = nameOf(path);
    const place = this.placeAt(node.range?.[0] ?? 0);
    if (isScalar(node)) this.lastScalar = place;
    if (this.written.has(name)) return;
    const source = isScalar(node) ? node.source : undefined;
    this.written.set(name, { key, value: place, source });
  }

  #complain(node: Node, path: Path, problem: SyntaxProblem): void {
    this.problems.push({ ...problem, path, place: this.placeAt(node.range?.[0] ?? 0) });
  }

  #stop(node: Node, path: Path, problem: string): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#complain(node, path.slice(0, 3), { problem, hint: undefined, isLocal: false });
  }
}

/**
 * Only the first problem of a line once the line is not what it looks like any more, and none that
 * only says that an earlier one ended the document.
 */
function problemsOf(
  errors: Document.Parsed['errors'],
  reading: Reading,
  text: string,
): readonly YamlProblem[] {
  const found: YamlProblem[] = [];
  const add = (problem: YamlProblem): void => {
    const { line } = problem.place;
    const earlier = found.filter(({ place }) => place.line === line);
    const isEcho = problem.isLocal ? earlier.some(({ isLocal }) => !isLocal) : earlier.length > 0;
    if (!isEcho) found.push(problem);
  };
  for (const { code, message, pos } of errors) {
    if (found.length > 0 && message.includes('in YAML stream')) continue;
    // An open quote is noticed where the text ends, behind the last scalar, which it started.
    const isQuote = code === 'MISSING_CHAR' && message.includes('quote');
    const place = (isQuote ? reading.lastScalar : undefined) ?? reading.placeAt(pos[0]);
    add({ ...describeSyntaxError(code, message, text, pos[0]), place, path: [] });
  }
  reading.problems.forEach(add);
  return found.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
}

/**
 * Reads YAML 1.2 and finds everything that is wrong with it at once. Whatever the text is, this
 * returns. One mistake makes a parser stumble several times; only the first time is told.
 */
export function readYaml(text: string): YamlText {
  const document = parseDocument(text, {
    prettyErrors: false,
    // Twice the same key is found while reading, where its path is known.
    uniqueKeys: false,
    stringKeys: true,
    schema: 'core',
    logLevel: 'error',
  });
  const reading = new Reading(countLines(text));
  const value = reading.read(document.contents, []);
  return {
    value,
    problems: problemsOf(document.errors, reading, text),
    written: (path) => reading.written.get(nameOf(path)),
  };
}

/** Of the text itself: the parser counts no line that ends where it did not expect one to end. */
function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lines.addNewLine(at + 1);
  return lines;
}

/** Writes plain data as YAML that {@link readYaml} reads as the same data. */
export function writeYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, schema: 'core' });
}

/** What is said of the value at a path: in lines before it, and behind it on its own line. */
export interface Annotation {
  readonly path: Path;
  readonly before: readonly string[];
  readonly behind: string | undefined;
}

/** The same with comments; what is said of a value that is not there is left out. */
export function writeAnnotatedYaml(value: unknown, annotations: readonly Annotation[]): string {
  const document = new Document(value, { schema: 'core' });
  for (const { path, before, behind } of annotations) {
    const node = path.length === 0 ? document : nodeAt(document, path);
    if (node === undefined) continue;
    if (before.length > 0) node.commentBefore = before.map(commentLine).join('\n');
    if (behind !== undefined) node.comment = commentLine(behind);
  }
  return document.toString({ lineWidth: 0 });
}

/** An empty comment would end one that stands around it. */
function commentLine(text: string): string {
  return text === '' ? ' ' : ` ${text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')}`;
}

/** In a mapping it is the key that a comment stands before. */
function nodeAt(document: Document, path: Path): Scalar | Node | undefined {
  const inner = document.getIn(path, true);
  const key = path.at(-1);
  const around = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (typeof key === 'string' && isMap(around)) {
    const pair = around.items.find((item) => isScalar(item.key) && item.key.value === key);
    return isScalar(pair?.key) ? pair.key : undefined;
  }
  return isNode(inner) ? inner : undefined;
}
