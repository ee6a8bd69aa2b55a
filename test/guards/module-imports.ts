import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';

/** What a module loads at run time; type-only imports and exports are left out. */
export interface ModuleImports {
  /** The path below the source folder, with `/`: `mail/network.ts`. */
  readonly path: string;
  readonly imports: readonly ModuleImport[];
}

export type ModuleImport =
  /** Another module of the project; `path` as above. */
  | { readonly kind: 'module'; readonly path: string }
  | { readonly kind: 'package'; readonly name: string }
  /** With its `node:`. */
  | { readonly kind: 'node'; readonly name: string }
  /** A dynamic import of something that is not written there. */
  | { readonly kind: 'unreadable'; readonly text: string };

/** Reads the imports of all TypeScript modules below a folder. */
export function readImports(folder: string): readonly ModuleImports[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => {
      const path = name.replaceAll('\\', '/');
      return { path, imports: importsOf(path, readFileSync(join(folder, name), 'utf8')) };
    });
}

/** The imports of one module's text, in order of appearance. */
export function importsOf(path: string, text: string): readonly ModuleImport[] {
  const imports: ModuleImport[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined)
      imports.push(
        ts.isStringLiteralLike(specifier)
          ? classify(path, specifier.text)
          : { kind: 'unreadable', text: specifier.getText() },
      );
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return imports;
}

/**
 * Only `import type` and `export type` vanish: `import { type A } from 'b'` still loads b, with
 * verbatimModuleSyntax.
 */
function specifierOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node))
    return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      ? undefined
      : node.moduleSpecifier;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly ? undefined : node.moduleSpecifier;
  if (ts.isCallExpression(node) && isLoader(node.expression)) return node.arguments[0];
  return undefined;
}

function isLoader(callee: ts.Expression): boolean {
  const isRequire = ts.isIdentifier(callee) && callee.text === 'require';
  return callee.kind === ts.SyntaxKind.ImportKeyword || isRequire;
}

function classify(importer: string, specifier: string): ModuleImport {
  if (specifier.startsWith('node:')) return { kind: 'node', name: specifier };
  if (specifier.startsWith('.')) {
    const path = posix.join(dirname(importer), specifier).replace(/\.js$/, '.ts');
    return { kind: 'module', path };
  }
  const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  return { kind: 'package', name: parts.join('/') };
}
