// The stanzas of debian/copyright for the packages of others below a node_modules.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [root = ''] = process.argv.slice(2);

/** Every package below a node_modules, also those within others. */
function packagesIn(folder) {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).flatMap((name) =>
    name.startsWith('@')
      ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
      : [name],
  );
  return names
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, 'package.json')))
    .flatMap((path) => [path, ...packagesIn(join(path, 'node_modules'))]);
}

/** Debian's names for some of them. */
const debianNames = new Map([
  ['MIT', 'Expat'],
  ['BSD-3-Clause', 'BSD-3-clause'],
  ['BSD-2-Clause', 'BSD-2-clause'],
]);

for (const path of packagesIn(root)) {
  const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const licenceFile = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
  const text = licenceFile === undefined ? '' : readFileSync(join(path, licenceFile), 'utf8');
  const holder = /^.*copyright\s+(?:\(c\)|©|\d).*$/im.exec(text)?.[0];
  const author = manifest.author?.name ?? manifest.author;
  const whose = holder?.replace(/^.*?copyright\s*/i, '').trim() ?? author ?? 'its authors';
  const licence = String(manifest.license ?? 'unknown');
  const place = path.slice(path.indexOf('usr/lib/greymilter'));
  const licenceName = debianNames.get(licence) ?? licence.replaceAll(/[()]/g, '');
  const own = licenceName === 'Expat' ? [] : [` See ${place}/${licenceFile ?? 'package.json'}.`];
  const stanza = [
    `Files: ${place}/*`,
    `Copyright: ${whose}`,
    `License: ${licenceName}`,
    ...own,
    '',
  ];
  process.stdout.write(`${stanza.join('\n')}\n`);
}
