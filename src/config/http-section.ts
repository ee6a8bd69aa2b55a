import { formatClientSet, parseClientSet } from './client-set.js';
import type { Parsed } from './parsed.js';
import * as kinds from './schema-kinds.js';
import { parseAbsolutePath } from './values.js';
import { writtenForms } from './written-forms.js';

const { flag, list, required, section, sectionOrOff, setting, text } = kinds;

/** Reads the name of a host as browsers send it: no port, no dot in the end, in lower case. */
export function parseHostName(written: string): Parsed<string> {
  const name = written.toLowerCase().replace(/\.$/, '');
  if (/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(name)) return { ok: name };
  const hint = 'write a name alone, such as greymilter.example.org; addresses are always allowed';
  return { problem: 'is not the name of a host', hint };
}

const path = () => text(parseAbsolutePath, (written) => written, writtenForms.absolutePath);

const tlsSection = sectionOrOff({
  certificate: required(path(), {
    meaning: 'File of the certificate and of those between it and its authority, as PEM.',
    expects: 'a path such as /etc/greymilter/certificate.pem',
  }),
  key: required(path(), {
    meaning: 'File of its private key, as PEM, which the user of the filter can read.',
    expects: 'a path such as /etc/greymilter/key.pem',
  }),
});

/** The section `http`: who may do what at `listen.http`. */
export const httpSection = section({
  write: setting(flag(), false, {
    meaning: 'Whether records can be changed there; otherwise they can only be read.',
    expects: 'true or false',
  }),
  'token-file': setting(path().nullable(), null, {
    meaning:
      'File of those who may ask: in each line a name, a token of 20 characters or more, and `read` if it is for reading alone. Needed with `listen.http`, and read again by a reload.',
    expects: 'a path such as /etc/greymilter/tokens, or null',
  }),
  hosts: setting(
    list(parseHostName, (name) => name, writtenForms.hostName),
    ['localhost'],
    {
      meaning:
        'Names by which browsers and programs may call the filter; by its addresses they always may.',
      expects: 'a name such as greymilter.example.org, or a list of them',
    },
  ),
  allow: setting(list(parseClientSet, formatClientSet, writtenForms.clientSet), [], {
    meaning:
      'Other machines that may connect to `listen.http`; needed when that is not on loopback.',
    expects: 'a network such as 192.0.2.0/24, or a list of them',
  }),
  tls: setting(tlsSection, null, {
    meaning: 'Certificate and key, without which `listen.http` must be on loopback; or `off`.',
    expects: 'a mapping with certificate and key, or off',
  }),
});
