import type { ModuleImports } from './module-imports.js';

/** What the modules of one folder of src/ may import. */
export interface FolderRule {
  /** Other folders, or `protocols` for all below it. */
  readonly folders: readonly string[];
  readonly packages: readonly string[];
  /** Absent: any of Node's modules. */
  readonly node?: readonly string[];
}

export type ImportRules = Readonly<Record<string, FolderRule>>;

/** Each import that the rules do not allow, as `importer -> imported`. */
export function findForbidden(rules: ImportRules, modules: readonly ModuleImports[]): string[] {
  const paths = new Set(modules.map(({ path }) => path));
  return modules.flatMap(({ path, imports }) => {
    const folder = folderOf(rules, path);
    const rule = folder === undefined ? undefined : rules[folder];
    if (rule === undefined) return [`${path} is in no folder of the table`];
    return imports.flatMap((imported) => {
      switch (imported.kind) {
        case 'unreadable':
          return [`${path} -> ${imported.text} (cannot be checked)`];
        case 'node':
          return rule.node?.includes(imported.name) === false
            ? [`${path} -> ${imported.name}`]
            : [];
        case 'package':
          return rule.packages.includes(imported.name) ? [] : [`${path} -> ${imported.name}`];
        case 'module': {
          if (!paths.has(imported.path)) return [`${path} -> ${imported.path} (does not exist)`];
          const target = folderOf(rules, imported.path);
          const allowed = target === folder || rule.folders.some((name) => isWithin(target, name));
          return allowed ? [] : [`${path} -> ${imported.path}`];
        }
      }
    });
  });
}

/** Every circle of modules that load each other, as `a -> b -> a`; one for each closing import. */
export function findCircles(modules: readonly ModuleImports[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || done.has(path)) return;
    for (const imported of byPath.get(path)?.imports ?? [])
      if (imported.kind === 'module') walk(imported.path, [...trail, path]);
    done.add(path);
  };
  for (const { path } of modules) walk(path, []);
  return circles;
}

/** Which modules load each package. */
export function findPackageImporters(
  modules: readonly ModuleImports[],
): ReadonlyMap<string, readonly string[]> {
  const importers = new Map<string, Set<string>>();
  for (const { path, imports } of modules)
    for (const imported of imports)
      if (imported.kind === 'package')
        importers.set(imported.name, (importers.get(imported.name) ?? new Set()).add(path));
  return new Map([...importers].map(([name, paths]) => [name, [...paths]]));
}

function folderOf(rules: ImportRules, path: string): string | undefined {
  return Object.keys(rules).find((folder) => path.startsWith(`${folder}/`));
}

function isWithin(folder: string | undefined, outer: string): boolean {
  return folder === outer || folder?.startsWith(`${outer}/`) === true;
}
