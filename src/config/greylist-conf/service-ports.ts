/**
 * The number of a TCP port that is written by what it is for, in any of its names.
 *
 * @param services the text of services(5): `smtp  25/tcp  mail  # comment`
 */
export function portOf(name: string, services: string): number | undefined {
  for (const line of services.split('\n')) {
    const [service, port = '', ...aliases] = line.replace(/#.*/, '').trim().split(/\s+/);
    const number = /^(\d+)\/tcp$/.exec(port)?.[1];
    if (number !== undefined && [service, ...aliases].includes(name)) return Number(number);
  }
  return undefined;
}
