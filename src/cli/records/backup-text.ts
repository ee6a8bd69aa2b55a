import type { BackupSummary } from '../../migrate/backup.js';
import { countOf } from '../terminal/count-of.js';

/** What a backup holds: "2 records, and 1 of statistics". */
export function backupText({
  records,
  statistics,
}: Pick<BackupSummary, 'records' | 'statistics'>): string {
  const held = countOf(records, 'record');
  return statistics === 0 ? held : `${held}, and ${statistics} of statistics`;
}
