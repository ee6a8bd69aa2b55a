import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where the build has put them; the same from the sources as from the parts of the program. */
const FOLDER = fileURLToPath(new URL('../../../dist/admin/page/', import.meta.url));

/** What the page consists of. */
const types: Readonly<Record<string, string>> = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Reads the files of the page when they are asked for first. */
export class PageFiles {
  readonly #folder: string;
  readonly #files = new Map<string, Promise<PageFile>>();

  constructor(folder = FOLDER) {
    this.#folder = folder;
  }

  /** Undefined if it is no file of the page. Rejects if it cannot be read. */
  async read(name: string): Promise<PageFile | undefined> {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) return undefined;
    const known = this.#files.get(name);
    if (known !== undefined) return await known;
    const reading = readFile(`${this.#folder}${name}`).then((bytes) => ({
      type,
      bytes: new Uint8Array(bytes),
    }));
    this.#files.set(name, reading);
    // What could not be read may be there the next time.
    reading.catch(() => this.#files.delete(name));
    return await reading;
  }
}
