import { change, type StoredRecord, type StoredSource } from './api.js';
import { formatAddress } from './format.js';
import { attempt, notice } from './notices.js';

/** Lets a waiting mail pass, and offers the way back. */
export function letPass(record: StoredRecord, source: StoredSource, row: HTMLElement): void {
  const buttons = [...row.querySelectorAll('button')];
  const able = (isAble: boolean): void => buttons.forEach((each) => (each.disabled = !isAble));
  able(false);
  attempt(
    async () => {
      const client = `${source.address}/${source.prefix}`;
      await change('POST', `records/${record.id}/pass`, { client });
      row.remove();
      const mail = `${formatAddress(record.sender ?? '')} to ${record.recipient ?? ''}`;
      notice(`Mail of ${mail} from ${source.address} passes when it comes next.`, async () => {
        await restore(record);
        return `Mail of ${mail} waits again.`;
      });
    },
    () => able(true),
  );
}

/** Puts a record back as it was; an import alone would unite it with what has passed. */
async function restore({ id, ...record }: StoredRecord): Promise<void> {
  const exportedAt = new Date().toISOString();
  const header = { format: 'greymilter', version: 1, exportedAt, by: 'page' };
  await change('DELETE', `records/${id}`);
  await change(
    'POST',
    'import',
    {},
    [header, record].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}
