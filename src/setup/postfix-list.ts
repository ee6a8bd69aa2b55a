/** An item of a list in main.cf, with its place in the text. */
export interface ListItem {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Cuts a list of main.cf at commas and blanks; what stands in braces is one item. */
export function listItems(list: string): readonly ListItem[] {
  const items: ListItem[] = [];
  let depth = 0;
  let start = -1;
  for (let at = 0; at <= list.length; at++) {
    const sign = list[at] ?? ',';
    const isBetween = depth === 0 && /[\s,]/.test(sign);
    if (isBetween || at === list.length) {
      if (start >= 0) items.push({ text: list.slice(start, at), start, end: at });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (sign === '{') depth++;
    else if (sign === '}') depth--;
  }
  return items;
}

/** Where an item of smtpd_milters, or the argument of check_policy_service, leads. */
export function addressOf(item: string): string {
  return item.startsWith('{') ? (listItems(item.slice(1, -1))[0]?.text ?? '') : item;
}

/** The list without the items from one number to another, the latter included. */
export function withoutItems(list: string, first: number, last: number): string {
  const items = listItems(list);
  const [from, next, before] = [items[first], items[last + 1], items[first - 1]];
  if (from === undefined) return list;
  if (next !== undefined) return list.slice(0, from.start) + list.slice(next.start);
  return before === undefined ? '' : list.slice(0, before.end);
}

/** The list without each milter that `isOurs` says is the filter. */
export function withoutMilter(list: string, isOurs: (address: string) => boolean): string {
  const at = listItems(list).findIndex(({ text }) => isOurs(addressOf(text)));
  return at < 0 ? list : withoutMilter(withoutItems(list, at, at), isOurs);
}

/** The list without each check_policy_service that `isOurs` says is the filter. */
export function withoutPolicy(list: string, isOurs: (address: string) => boolean): string {
  const items = listItems(list);
  const at = items.findIndex(
    ({ text }, index) =>
      text === 'check_policy_service' && isOurs(addressOf(items[index + 1]?.text ?? '')),
  );
  return at < 0 ? list : withoutPolicy(withoutItems(list, at, at + 1), isOurs);
}

/** What ends a list of restrictions for all mail that is for us: nothing behind it is asked. */
const ends = new Set(['permit', 'permit_auth_destination', 'permit_mx_backup', 'reject', 'defer']);

/** The list with a restriction as late as it is still asked: cheap refusals come before greylisting. */
export function withRestriction(list: string, restriction: string): string {
  const end = listItems(list).find(({ text }) => ends.has(text));
  if (end === undefined) return list.trim() === '' ? restriction : `${list}, ${restriction}`;
  return `${list.slice(0, end.start)}${restriction}, ${list.slice(end.start)}`;
}
