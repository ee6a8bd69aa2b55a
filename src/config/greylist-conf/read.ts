import type { YamlProblem, YamlText } from '../yaml-text.js';
import type { Finding } from './findings.js';
import { parseGreylistConf } from './parser.js';
import type { Flag, GreylistConf } from './syntax.js';
import { translate } from './translate.js';
import type { Tree } from './placed.js';

/** How a file of milter-greylist's is to be taken. */
export interface GreylistConfOptions {
  /** What a command line has set beside it. */
  readonly flags?: readonly Flag[] | undefined;
  /** Whether to go on without what is not supported. */
  readonly ignoresUnsupported?: boolean | undefined;
}

/** A file of milter-greylist's, read as if it were one of ours. */
export interface GreylistConfText extends YamlText {
  readonly conf: GreylistConf;
  readonly tree: Tree;
  /** What is done in another way than the words may suggest, and what is not done and ignored. */
  readonly findings: readonly Finding[];
}

/** Reads a file as milter-greylist reads it, and finds all that is wrong with it. */
export function readGreylistConf(
  text: string,
  { flags = [], ignoresUnsupported = false }: GreylistConfOptions = {},
): GreylistConfText {
  const conf = parseGreylistConf(text);
  const { problems, notes } = conf;
  const { tree, findings } = translate(conf, flags);
  const isFatal = ({ kind }: Finding): boolean =>
    kind === 'wrong' || (kind === 'unsupported' && !ignoresUnsupported);
  const wrong = [
    ...problems.map((problem): YamlProblem => ({ ...problem, path: [], isLocal: true })),
    ...findings.filter(isFatal).map(problemOf),
  ];
  const remarks = notes.map((note): Finding => ({ kind: 'note', subject: '', ...note }));
  const told = [...remarks, ...findings.filter((finding) => !isFatal(finding))];
  return {
    ...{ conf, tree },
    value: tree.value,
    problems: wrong.sort(byPlace),
    findings: told.sort(byPlace),
    written: (path) => {
      const place = tree.place(path);
      return place && { key: undefined, value: place, source: undefined };
    },
  };
}

function problemOf({ kind, place, subject, problem, hint }: Finding): YamlProblem {
  const advice = [hint, 'or start with --ignore-unsupported to go on without it']
    .slice(0, kind === 'unsupported' ? 2 : 1)
    .filter((part) => part !== undefined)
    .join('; ');
  return {
    place,
    path: [],
    problem: `${subject} ${problem}`,
    hint: advice === '' ? undefined : advice,
    isLocal: true,
  };
}

function byPlace(a: Pick<Finding, 'place'>, b: Pick<Finding, 'place'>): number {
  return a.place.line - b.place.line || a.place.column - b.place.column;
}
