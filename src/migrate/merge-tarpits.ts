import { ifReadable } from '../greylist/byte-reader.js';
import { decodeTarpit } from '../greylist/tarpit-record.js';
import type { StoredRecord } from './stored-record.js';

const decode = ifReadable(decodeTarpit);

/**
 * What two stores together remember of a client that was made to wait; in whatever order, and once more
 * changes nothing. That it was there to the end is proof, as that a triplet has passed, and no record of
 * another store that it once hung up takes that away: while the proof lives nobody makes it wait, so the
 * other record cannot say anything newer. What has ended gives way to what lives.
 */
export function mergeTarpits(mine: StoredRecord, theirs: StoredRecord, now: number): StoredRecord {
  const [own, other] = [decode(mine.value), decode(theirs.value)];
  if (other === undefined) return mine;
  if (own === undefined) return theirs;
  const [isMineLive, isTheirsLive] = [mine, theirs].map(({ expiresAt }) => expiresAt > now);
  if (isMineLive !== isTheirsLive) return isMineLive === true ? mine : theirs;
  if (own !== other) return own === 'stayed' ? mine : theirs;
  return theirs.expiresAt > mine.expiresAt ? theirs : mine;
}
