import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import {
  backupOf,
  bytesOf,
  keep,
  putBack,
  readIfThere,
  readKept,
  replaceText,
} from './kept-file.js';
import { makeCf, requireFilter, type SendmailPlaces } from './sendmail-cf.js';
import { withFilter, withoutFilter } from './sendmail-mc.js';

/** Ends a sendmail.cf of ours, as long as nobody has made it anew: then what is kept may be put back. */
const CF_MARK = '# Made by "greymilter setup sendmail".\n';

/** Both files with the filter in them. */
export interface SendmailPlan {
  readonly mc: string;
  readonly cf: string;
  /** Whether that is what is there. */
  readonly isDone: boolean;
}

/**
 * Makes sure that the line can be put into sendmail.mc; what m4 makes of it nobody knows yet.
 *
 * @throws SetupError
 */
export async function requirePlace(places: SendmailPlaces, line: string): Promise<void> {
  const { mc } = await filesOf(places);
  withFilter(await readKept(mc), bytesOf(line));
}

/**
 * Works out what Sendmail's files are to be; m4 has made the one of the other.
 *
 * @throws SetupError
 */
export async function planSendmail(places: SendmailPlaces, line: string): Promise<SendmailPlan> {
  const files = await filesOf(places);
  const now = await readKept(files.mc);
  const mc = withFilter(now, bytesOf(line));
  const cf = await makeCf(mc, places);
  requireFilter(cf);
  const cfNow = await readIfThere(files.cf);
  return { mc, cf, isDone: mc === now && cfNow !== undefined && /^Xgreymilter,/m.test(cfNow) };
}

/** Writes both, and keeps what was there. @throws SetupError */
export async function applySendmail(places: SendmailPlaces, plan: SendmailPlan): Promise<void> {
  const files = await filesOf(places);
  const before = await readIfThere(backupOf(files.mc));
  const cfNow = await readIfThere(files.cf);
  // Otherwise what is kept is of other times: it lacks what others have changed since.
  const goesOn = before !== undefined && withoutFilter(await readKept(files.mc)) === before;
  if (!goesOn) {
    await keep(files.mc);
    if (cfNow !== undefined) await keep(files.cf);
  }
  const isCfOurs = !goesOn || cfNow?.endsWith(CF_MARK) === true;
  await replaceText(files.mc, plan.mc);
  await writeCf(files, isCfOurs ? `${plan.cf}${CF_MARK}` : plan.cf);
}

/** How the filter was taken out. */
export type SendmailUndo =
  /** Byte for byte as it was. */
  | 'restored'
  /** Only sendmail.mc is: the other was made anew since, maybe of other files, and so it is now. */
  | 'cf-anew'
  /** Others have changed sendmail.mc since: their changes stay, and sendmail.cf is made anew. */
  | 'taken-out'
  | 'nothing-there';

/** Takes back what was written. @throws SetupError */
export async function undoSendmail(places: SendmailPlaces): Promise<SendmailUndo> {
  const files = await filesOf(places);
  const now = await readKept(files.mc);
  const mc = withoutFilter(now);
  if (mc === now) return 'nothing-there';
  const isMcOurs = mc === (await readIfThere(backupOf(files.mc)));
  const isCfKept = (await readIfThere(backupOf(files.cf))) !== undefined;
  if (isMcOurs && isCfKept && (await readIfThere(files.cf))?.endsWith(CF_MARK) === true) {
    await putBack(files.cf);
    await putBack(files.mc);
    return 'restored';
  }
  const cf = await makeCf(mc, places);
  await (isMcOurs ? putBack(files.mc) : replaceText(files.mc, mc));
  await writeCf(files, cf);
  return isMcOurs ? 'cf-anew' : 'taken-out';
}

interface SendmailFiles {
  readonly mc: string;
  readonly cf: string;
}

/** Where a link leads, so that it stays one. */
async function filesOf({ directory }: SendmailPlaces): Promise<SendmailFiles> {
  const at = async (name: string): Promise<string> => {
    const path = join(directory, name);
    return await realpath(path).catch(() => path);
  };
  return { mc: await at('sendmail.mc'), cf: await at('sendmail.cf') };
}

async function writeCf({ mc, cf }: SendmailFiles, text: string): Promise<void> {
  const isThere = (await readIfThere(cf)) !== undefined;
  await replaceText(cf, text, isThere ? cf : mc);
}
