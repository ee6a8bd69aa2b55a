import { macroStageNumbers, macroStages, type MacroStage } from '../commands.js';
import type { Offer } from '../events.js';
import { actionFlags } from '../flags.js';
import type { Agreement } from '../negotiation.js';
import type { PayloadReader } from '../payload-reader.js';
import type { FilterFault } from './faults.js';

/** The macros that a filter asks for at each stage; absent where it leaves that to the MTA. */
export type MacroLists = Readonly<Partial<Record<MacroStage, readonly string[]>>>;

/** What a filter answered to the offer. */
export interface MtaAgreement extends Agreement {
  readonly macroLists: MacroLists;
}

/** The filter's answer, and all that is wrong with it. */
export interface ReadAgreement {
  readonly agreement: MtaAgreement;
  readonly faults: readonly FilterFault[];
}

/** Sendmail drops further names of a stage, with a line in its log. */
const namesPerStage = 50;
/** The highest version that Sendmail has been seen to put up with [T 65, T 232]. */
const absurdVersion = 0x01000001;

/**
 * Reads the answer to an offer: three words, then macro lists, `00000003 {rcpt_addr} i NUL`.
 *
 * @param unknownStage whether lists behind a stage that does not exist are read (Postfix) or not
 *   (Sendmail) [T 83]
 */
export function readAgreement(
  reader: PayloadReader,
  offer: Offer,
  unknownStage: 'skip' | 'stop',
): ReadAgreement {
  if (reader.remaining < 12) {
    const nothing = { version: 0, actions: 0, steps: 0, macroLists: {} };
    return { agreement: nothing, faults: ['agreement-short'] };
  }
  const version = reader.readUint32();
  const actions = reader.readUint32();
  const steps = reader.readUint32();
  const faults: FilterFault[] = versionFaults(version, offer.version);
  if ((actions & ~offer.actions) !== 0) faults.push('agreement-actions');
  if ((steps & ~offer.steps) !== 0) faults.push('agreement-steps');
  const hasLists = reader.remaining > 0;
  if (hasLists && (actions & actionFlags.requestMacros) === 0)
    faults.push('macro-lists-unannounced');
  const macroLists = readMacroLists(reader, unknownStage, faults);
  // An MTA does not know what it did not offer.
  return {
    agreement: { version, actions, steps: (steps & offer.steps) >>> 0, macroLists },
    faults,
  };
}

function versionFaults(version: number, offered: number): FilterFault[] {
  if (version === 0) return ['agreement-version-zero'];
  if (version === 1) return ['agreement-version-one'];
  if (version > absurdVersion) return ['agreement-version-absurd'];
  return version > offered ? ['agreement-version-above'] : [];
}

function readMacroLists(
  reader: PayloadReader,
  unknownStage: 'skip' | 'stop',
  faults: FilterFault[],
): MacroLists {
  const lists: Partial<Record<MacroStage, readonly string[]>> = {};
  while (reader.remaining > 0) {
    // A number and at least the NUL of an empty list.
    if (reader.remaining < 5) {
      faults.push('macro-lists-cut');
      break;
    }
    const number = reader.readUint32();
    const stage = macroStages.find((name) => macroStageNumbers[name] === number);
    const names = reader
      .readString()
      .split(/[ ,]+/)
      .filter((name) => name !== '');
    if (stage === undefined) {
      faults.push('macro-lists-stage');
      if (unknownStage === 'stop') break;
      continue;
    }
    if (names.length > namesPerStage) faults.push('macro-lists-long');
    lists[stage] = names.slice(0, namesPerStage);
  }
  return lists;
}
