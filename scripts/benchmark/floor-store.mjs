import { Level } from 'level';

/**
 * The least that is needed to remember: reads what a key has, and writes it. With it a floor shows what Node.js
 * and LevelDB allow, without anything of a greylist.
 *
 * @param {string} directory
 * @returns {Promise<(key: Uint8Array) => Promise<void>>} resolves when it is committed
 */
export async function openFloorStore(directory) {
  /** @type {Level<Uint8Array, Uint8Array>} */
  const database = new Level(directory, { keyEncoding: 'view', valueEncoding: 'view' });
  await database.open();
  const value = Buffer.alloc(32);
  return (key) => {
    const found = database.getSync(key);
    return database.put(key, found ?? value);
  };
}
