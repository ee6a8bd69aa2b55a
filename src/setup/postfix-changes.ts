import type { SocketAddress } from '../config/socket-address.js';
import { backupOf, keep, putBack, readIfThere, readKept } from './kept-file.js';
import { hashOf, readNote, removeNote, writeNote } from './postfix-note.js';
import { planRemoval, type PostfixPlan } from './postfix-plan.js';
import { mainFile, readPostfix, writePostfix, type PostfixSettings } from './postfix-settings.js';

/**
 * Writes a plan into main.cf, which is kept before.
 *
 * @throws SetupError
 */
export async function applyPlan(
  directory: string,
  { changes }: PostfixPlan,
  settings: PostfixSettings,
): Promise<void> {
  const file = mainFile(directory);
  const [note, text] = [await readNote(file), await readKept(file)];
  const isKept = (await readIfThere(backupOf(file))) !== undefined;
  // What is kept is what was there before all that is ours. Where others have changed the file since, or
  // taken the filter out, it lacks what is theirs.
  const goesOn = note?.sha256 === hashOf(text) && isKept;
  if (!goesOn) await keep(file);
  const isOurs = note === undefined || goesOn;
  await writePostfix(directory, changes);
  const before = [...changes.keys()].map((name): readonly [string, string | null] => [
    name,
    settings.written.get(name) ?? null,
  ]);
  const change = { before: Object.fromEntries(before), wrote: Object.fromEntries(changes) };
  await writeNote(file, change, { earlier: note, isOurs });
}

/** How the filter was taken out. */
export type PostfixUndo =
  /** Byte for byte as it was. */
  | 'restored'
  /** Others have changed main.cf since: their changes stay. */
  | 'taken-out'
  | 'nothing-there';

/**
 * Takes back what was written. Without a note, as after a setup by hand, the filter is taken out of the
 * lists that name it.
 *
 * @throws SetupError
 */
export async function undoPostfix(
  directory: string,
  listeners: readonly SocketAddress[],
): Promise<PostfixUndo> {
  const file = mainFile(directory);
  const note = await readNote(file);
  const isAsWeLeftIt = note?.sha256 === hashOf(await readKept(file));
  if (isAsWeLeftIt && (await readIfThere(backupOf(file))) !== undefined) {
    await putBack(file);
    await removeNote(file);
    return 'restored';
  }
  const { written } = await readPostfix(directory);
  const untouched = Object.entries(note?.wrote ?? {}).filter(
    ([name, value]) => written.get(name) === value,
  );
  const back = untouched.map(([name]): readonly [string, string | undefined] => [
    name,
    note?.before[name] ?? undefined,
  ]);
  await writePostfix(directory, new Map(back));
  const rest = planRemoval(listeners, await readPostfix(directory));
  await writePostfix(directory, rest);
  await removeNote(file);
  return back.length + rest.size > 0 ? 'taken-out' : 'nothing-there';
}
