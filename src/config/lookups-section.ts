import type { IpAddress } from '../mail/ip-address.js';
import { parseIpAddress } from '../mail/ip-address.js';
import type { Parsed } from './parsed.js';
import { formatResolver, parseResolver } from './resolver-address.js';
import { parseFilePath } from './rule-values.js';
import { duration, flag, list, section, setting, text } from './schema-kinds.js';
import { serverLookups } from './server-lookups.js';
import { A_DURATION } from './settings.js';
import { writtenForms } from './written-forms.js';

const SECOND = 1000;

/** The section `lookups`: whom rules ask, and how long they wait. */
export const lookupsSection = section({
  timeout: setting(duration(1 * SECOND, 8 * SECOND), '2s', {
    meaning: 'How long all lookups for one recipient may take; what is late has no answer.',
    expects: A_DURATION,
    why: 'the client waits meanwhile, and Sendmail gives a filter up after 10s',
  }),
  resolvers: setting(list(parseResolver, formatResolver, writtenForms.resolver), [], {
    meaning: "DNS servers to ask, `192.0.2.53` or `192.0.2.53:5353`; none are the system's.",
    expects: 'an address such as 192.0.2.53 or [2001:db8::53]:5353, or a list of them',
  }),
  unbracket: setting(flag(), false, {
    meaning:
      'Whether a client whose name the MTA gives as `[192.0.2.1]` is looked up before it is judged: its confirmed name is then as good as one of the MTA. The milter protocol alone has such names.',
    expects: 'true or false',
    why: 'MTAs find names themselves, and the client waits meanwhile',
  }),
  'local-address': setting(
    text(parseLocalAddress, ({ text: address }) => address, writtenForms.address).nullable(),
    null,
    {
      meaning:
        "This machine's address, for `spf: self`; null where the MTA tells it by `{if_addr}`, as all do.",
      expects: 'an address such as 192.0.2.25, or null',
    },
  ),
  ...serverLookups,
  geo: setting(
    list(parseFilePath, (path) => path, writtenForms.filePath),
    [],
    {
      meaning:
        'Database files that say where an address is (MaxMind, `.mmdb`), for the condition `geo`.',
      expects: 'a path such as /var/lib/GeoIP/GeoLite2-Country.mmdb, or a list of them',
    },
  ),
});

function parseLocalAddress(written: string): Parsed<IpAddress> {
  const address = parseIpAddress(written);
  if (address !== undefined) return { ok: address };
  return { problem: 'is not an address', hint: 'write it as in 192.0.2.25 or 2001:db8::25' };
}
