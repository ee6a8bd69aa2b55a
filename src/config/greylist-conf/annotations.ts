import type { Path } from '../settings.js';
import type { Annotation } from '../yaml-text.js';
import type { Finding } from './findings.js';
import type { GreylistConfText } from './read.js';
import type { Comment } from './syntax.js';

/** What is said of a value while it is gathered. */
interface Draft {
  readonly path: Path;
  readonly before: string[];
  behind: string | undefined;
}

/**
 * Comments for the configuration that a file comes to: those of the file itself, where they stand
 * above a statement or behind an entry, and what is to be said of how something is done here. What
 * belongs to nothing that is left stands at the top.
 */
export function annotations(
  file: string,
  { conf, tree, findings }: Pick<GreylistConfText, 'conf' | 'tree' | 'findings'>,
): readonly Annotation[] {
  const drafts = new Map<string, Draft>();
  const draftAt = (path: Path): Draft => {
    const key = path.join('\0');
    const draft = drafts.get(key) ?? { path, before: [], behind: undefined };
    drafts.set(key, draft);
    return draft;
  };
  draftAt([]).before.push(`From ${file}`);
  // Outer parts come first, and are what a statement as a whole has become.
  const outer = new Map<number, Path>();
  const inner = new Map<number, Path>();
  for (const { path, place } of tree.placed) {
    if (!outer.has(place.line)) outer.set(place.line, path);
    inner.set(place.line, path);
  }
  for (const { place } of conf.statements) {
    const path = outer.get(place.line);
    const own = commentsAbove(place.line, conf.comments);
    if (path !== undefined) draftAt(path).before.push(...own);
  }
  for (const { line, isAlone, text } of conf.comments) {
    const path = isAlone ? undefined : inner.get(line);
    if (path !== undefined) draftAt(path).behind = bare(text);
  }
  for (const finding of findings) {
    const path = outer.get(finding.place.line);
    draftAt(path ?? []).before.push(describe(finding));
  }
  return [...drafts.values()];
}

/** The lines of comment right above a line. */
function commentsAbove(line: number, comments: readonly Comment[]): readonly string[] {
  const alone = new Map(
    comments.filter(({ isAlone }) => isAlone).map((comment) => [comment.line, comment.text]),
  );
  const above: string[] = [];
  for (let at = line - 1; alone.has(at); at--) above.unshift(bare(alone.get(at) ?? ''));
  return above;
}

function bare(comment: string): string {
  return comment.replace(/^#+\s?/, '').trimEnd();
}

function describe({ kind, place, subject, problem, hint }: Finding): string {
  const head = kind === 'unsupported' ? 'NOT DONE' : 'NOTE';
  const what = `${subject} ${problem}`.trimStart();
  return `${head} (line ${place.line}): ${what}${hint === undefined ? '' : ` - ${hint}`}`;
}
