import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from './readme-text.js';

const folder = join(projectRoot, 'src/protocols/milter');

/** What the types say about one member of MilterFilter. */
export interface HandlerType {
  /** Kinds of replies that it may return; empty for what returns none. */
  readonly answers: readonly string[];
  /** Whether `{ observe }` may stand in its place. */
  readonly mayObserve: boolean;
  readonly documentation: string;
}

/** The functions that a filter may have, as their types tell. */
export function readHandlerTypes(): ReadonlyMap<string, HandlerType> {
  const { checker, source } = load('filter.ts');
  const filter = source.statements.find(
    (each): each is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(each) && each.name.text === 'MilterFilter',
  );
  const members = filter === undefined ? [] : checker.getTypeAtLocation(filter).getProperties();
  const handlers = new Map<string, HandlerType>();
  for (const member of members) {
    const shapes = parts(checker.getTypeOfSymbol(member));
    const calls = shapes.flatMap((shape) => shape.getCallSignatures());
    if (calls.length === 0) continue;
    handlers.set(member.name, {
      answers: calls.flatMap((call) => kindsOf(checker, call.getReturnType())).sort(),
      mayObserve: shapes.some((shape) => shape.getProperty('observe') !== undefined),
      documentation: ts.displayPartsToString(member.getDocumentationComment(checker)),
    });
  }
  return handlers;
}

/** The name in libmilter's header file of each step flag, by its value. */
export function readStepSymbols(): ReadonlyMap<number, string> {
  const text = readFileSync(join(folder, 'flags.ts'), 'utf8');
  const found = text.matchAll(/\/\*\* (SMFIP_\w+)[^]*?\*\/\s+\w+: (0x[0-9a-f]+)/g);
  return new Map([...found].map(([, symbol = '', value]) => [Number(value), symbol]));
}

/** What the library exports without a word about it. */
export function findUndocumentedExports(): readonly string[] {
  const { checker, source } = load('index.ts');
  const module = checker.getSymbolAtLocation(source);
  const exported = module === undefined ? [] : checker.getExportsOfModule(module);
  if (exported.length === 0) throw new Error('nothing is exported');
  return exported
    .filter((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      return target.getDocumentationComment(checker).length === 0;
    })
    .map(({ name }) => name);
}

function load(name: string): { readonly checker: ts.TypeChecker; readonly source: ts.SourceFile } {
  const path = join(folder, name);
  const program = ts.createProgram([path], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    noEmit: true,
    types: ['node'],
  });
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error(`there is no ${path}`);
  return { checker: program.getTypeChecker(), source };
}

function parts(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type];
}

/** `Reply<'continue' | 'accept'> | Promise<…>`: the second says the same. */
function kindsOf(checker: ts.TypeChecker, type: ts.Type): readonly string[] {
  return parts(type).flatMap((each) => {
    const kind = each.getProperty('kind');
    if (kind === undefined) return [];
    return parts(checker.getTypeOfSymbol(kind)).flatMap((literal) =>
      literal.isStringLiteral() ? [literal.value] : [],
    );
  });
}
