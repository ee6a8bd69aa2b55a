import { change, type StoredRecord, type StoredSource } from './api.js';
import { formatAddress } from './format.js';
import { attempt, notice } from './notices.js';

/** What was let through; without a way back it was let through already. */
interface Released {
  readonly undo?: { readonly record: StoredRecord; readonly tag: string };
}

/** Lets a waiting mail pass, and offers the way back. */
export function letPass(record: StoredRecord, source: StoredSource, row: HTMLElement): void {
  const buttons = [...row.querySelectorAll('button')];
  const able = (isAble: boolean): void => buttons.forEach((each) => (each.disabled = !isAble));
  able(false);
  attempt(
    async () => {
      const client = `${source.address}/${source.prefix}`;
      const path = `records/${record.id}`;
      // What the filter answers at this path.
      const { undo } = (await change('POST', `${path}/pass`, { client })) as Released;
      row.remove();
      const mail = `${formatAddress(record.sender ?? '')} to ${record.recipient ?? ''}`;
      const wayBack =
        undo &&
        (async () => {
          const { record: before, tag } = undo;
          await change('PUT', path, {}, { json: JSON.stringify(before), ifMatch: `"${tag}"` });
          return `Mail of ${mail} waits again.`;
        });
      notice(`Mail of ${mail} from ${source.address} passes when it comes next.`, wayBack);
    },
    () => able(true),
  );
}
