import { readdirSync, readFileSync } from 'node:fs';

const fixtures = new URL('../fixtures/', import.meta.url);

/** A file below test/fixtures. */
export function readFixture(path: string): Buffer {
  return readFileSync(new URL(path, fixtures));
}

/** All files of a folder there whose names match. */
export function readFixtures(folder: string, pattern: RegExp): readonly Buffer[] {
  return readdirSync(new URL(folder, fixtures))
    .filter((name) => pattern.test(name))
    .map((name) => readFixture(`${folder}/${name}`));
}
