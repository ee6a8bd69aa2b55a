import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Words of the source that documentation must know. */
export interface SourceWords {
  /** The members of each exported union of strings, by the type's name. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
  /** Codes of errors: of the unions `…ErrorCode`, and of classes with a `code` of their own. */
  readonly errorCodes: readonly string[];
  /** Every string in the source. */
  readonly strings: ReadonlySet<string>;
}

/** Reads all TypeScript files below a folder. */
export function readSourceWords(folder: string): SourceWords {
  const unions = new Map<string, readonly string[]>();
  const ownCodes: string[] = [];
  const strings = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeAliasDeclaration(node)) unions.set(node.name.text, stringsOf(node.type));
    if (ts.isPropertyDeclaration(node) && node.name.getText() === 'code')
      if (node.initializer !== undefined && ts.isStringLiteralLike(node.initializer))
        ownCodes.push(node.initializer.text);
    if (ts.isStringLiteralLike(node)) strings.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) {
      const text = readFileSync(join(folder, name), 'utf8');
      visit(ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true));
    }
  const unionCodes = [...unions].flatMap(([name, members]) =>
    name.endsWith('ErrorCode') ? members : [],
  );
  return { unions, errorCodes: [...new Set([...unionCodes, ...ownCodes])].sort(), strings };
}

function stringsOf(type: ts.TypeNode): readonly string[] {
  const members = ts.isUnionTypeNode(type) ? type.types : [type];
  return members.flatMap((member) =>
    ts.isLiteralTypeNode(member) && ts.isStringLiteralLike(member.literal)
      ? [member.literal.text]
      : [],
  );
}
