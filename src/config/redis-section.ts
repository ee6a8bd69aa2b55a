import type { Parsed } from './parsed.js';
import * as kinds from './schema-kinds.js';
import { A_DURATION, A_MAPPING } from './settings.js';
import { parseAbsolutePath } from './values.js';
import { writtenForms } from './written-forms.js';

const SECOND = 1000;

const { duration, section, setting, text } = kinds;

const path = () => text(parseAbsolutePath, (written) => written, writtenForms.absolutePath);

const passwordFile = (whose: string) =>
  setting(path().nullable(), null, {
    meaning: `File with ${whose} password on its first line; nobody but its owner and its group may read it. Read for each connection.`,
    expects: 'a path such as /etc/greymilter/redis-password, or null',
  });

const userName = (whose: string) =>
  setting(text(parseWord, (name) => name, writtenForms.redisUser).nullable(), null, {
    meaning: `${whose}, of the server's ACL; null for \`default\`.`,
    expects: 'a name such as greymilter, or null',
  });

const tlsSection = section({
  authority: setting(path().nullable(), null, {
    meaning:
      'File of the authorities that the server may have its certificate of, as PEM; null for those of the system.',
    expects: 'a path such as /etc/greymilter/redis-ca.pem, or null',
  }),
  certificate: setting(path().nullable(), null, {
    meaning: 'File of our own certificate, as PEM, where the server demands one.',
    expects: 'a path such as /etc/greymilter/redis.pem, or null',
  }),
  key: setting(path().nullable(), null, {
    meaning: 'File of its private key, as PEM.',
    expects: 'a path such as /etc/greymilter/redis.key, or null',
  }),
  name: setting(text(parseWord, (name) => name, writtenForms.hostName).nullable(), null, {
    meaning:
      'Whose certificate the servers must have; null for that of the host that is connected to.',
    expects: 'a name such as redis.example.org, or null',
  }),
});

const checkedTls = kinds.withChecks(tlsSection, ({ certificate, key }) =>
  (certificate === null) === (key === null)
    ? []
    : [{ path: [], problem: 'needs both certificate and key, or none of them' }],
);

const sentinelSection = section({
  user: userName('Who we are to the Sentinels'),
  'password-file': passwordFile("the Sentinels'"),
});

/** The section `store.redis`: how the servers of a shared store are spoken to. */
export const redisSection = section({
  user: userName('Who we are'),
  'password-file': passwordFile('the'),
  prefix: setting(
    text(parsePrefix, (prefix) => prefix, writtenForms.redisPrefix),
    'gm.',
    {
      meaning:
        'What all of our keys begin with, so that others can use the same server. Each byte of it is kept with each record; filters that share a store need the same.',
      expects: 'up to 32 letters, digits and :._-',
    },
  ),
  'connect-timeout': setting(duration(SECOND / 10, 8 * SECOND), '1s', {
    meaning: 'How long it may take to connect and log in.',
    expects: A_DURATION,
  }),
  timeout: setting(duration(SECOND / 10, 8 * SECOND), '1s', {
    meaning:
      'How long a server may take to answer. What is late is treated as `store.on-failure` says, and a server that is late is connected to anew.',
    expects: A_DURATION,
    why: 'the client waits meanwhile, and Sendmail gives a filter up after 10s',
  }),
  tls: setting(checkedTls, {}, { meaning: 'For the URLs of TLS.', expects: A_MAPPING }),
  sentinel: setting(
    sentinelSection,
    {},
    { meaning: 'Who we are to Sentinels.', expects: A_MAPPING },
  ),
});

function parseWord(written: string): Parsed<string> {
  if (/^[^\s\p{Cc}]{1,253}$/u.test(written)) return { ok: written };
  return { problem: 'is no name', hint: 'write it without blanks' };
}

// A blank or a star would mean something to the server when it looks for our keys.
function parsePrefix(written: string): Parsed<string> {
  if (/^[\w.:-]{0,32}$/.test(written)) return { ok: written };
  return { problem: 'is no prefix', hint: 'write up to 32 letters, digits and :._-' };
}
