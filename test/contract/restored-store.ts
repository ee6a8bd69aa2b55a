/** What the tests of an interrupted restore put in the place of a store. */
export const restoredKeys: readonly string[] = Array.from(
  { length: 100 },
  (_, index) => `restored ${index}`,
);

export const restoredValue: Buffer = Buffer.from('from the backup');
