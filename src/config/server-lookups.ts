import { parsePlainTemplate } from '../greylist/text-template.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import { formatLdapServer, parseLdapServer, parseLdapUrl } from './ldap-url.js';
import type { Parsed } from './parsed.js';
import { parseFilePath } from './rule-values.js';
import * as kinds from './schema-kinds.js';
import { A_DURATION } from './settings.js';
import { writtenForms } from './written-forms.js';

const SECOND = 1000;

const { choice, duration, flag, list, optional, required, section, setting, text, whole } = kinds;

const timeout = () =>
  setting(duration(SECOND / 10, 8 * SECOND), '2s', {
    meaning: 'How long it may take to answer; what is late has no answer.',
    expects: A_DURATION,
    why: 'the client waits meanwhile, and Sendmail gives a filter up after 10s',
  });

const connections = (fallback: number) =>
  setting(whole(1, 100), fallback, {
    meaning: 'How many questions are under way at a time; who comes then waits.',
    expects: 'a whole number from 1 to 100',
  });

const properties = () =>
  optional(choice(['message', 'recipient']), {
    meaning:
      'Keeps what it answers as properties, until the message is over or the next recipient is named.',
    expects: 'message or recipient',
  });

const urlSection = section({
  url: required(
    text(parseUrl, ({ text: written }) => written, writtenForms.url),
    {
      meaning: 'What is asked, with placeholders of texts; `http:` or `https:`.',
      expects: "a URL such as 'http://192.0.2.1/check?from={sender}'",
    },
  ),
  timeout: timeout(),
  connections: connections(5),
  encode: setting(flag(), true, {
    meaning: 'Percent-encodes the values that are filled in.',
    expects: 'true or false',
  }),
  properties: properties(),
  'post-message': setting(flag(), false, {
    meaning: 'Posts the message, up to `limits.body`, in `message-rules`.',
    expects: 'true or false',
  }),
});

const querySection = section({
  url: required(
    text(parseLdapUrl, ({ text: written }) => written, writtenForms.ldapUrl),
    {
      meaning: 'What is asked (RFC 4516), with placeholders of texts in its base and its filter.',
      expects: "a URL such as 'ldap:///dc=example,dc=org?mail?sub?(mail={recipient})'",
    },
  ),
  escape: setting(flag(), true, {
    meaning: 'Escapes the values that are filled in.',
    expects: 'true or false',
  }),
  match: setting(flag(), true, {
    meaning: 'Whether an entry is a match; false only sets properties, and never matches.',
    expects: 'true or false',
  }),
  properties: properties(),
});

const bindSection = kinds.withChecks(
  section({
    dn: required(
      text(parseLine, (dn) => dn, writtenForms.line),
      {
        meaning: 'Who we are.',
        expects: "a name such as 'cn=greymilter,dc=example,dc=org'",
      },
    ),
    password: optional(
      text(parseLine, (password) => password, writtenForms.line),
      {
        meaning: 'Its password.',
        expects: 'a line of text',
      },
    ),
    'password-file': optional(
      text(parseFilePath, (path) => path, writtenForms.filePath),
      {
        meaning: 'A file with its password on the first line, instead.',
        expects: 'a path such as /etc/greymilter/ldap-password',
      },
    ),
  }),
  (bind) =>
    (bind.password === undefined) === (bind['password-file'] === undefined)
      ? [{ path: [], problem: 'needs password or password-file, and not both' }]
      : [],
);

const ldapSection = section({
  servers: setting(list(parseLdapServer, formatLdapServer, writtenForms.ldapServer), [], {
    meaning: 'The servers of the directory, in the order in which they are tried.',
    expects: 'a server such as ldap://192.0.2.10 or ldaps://ldap.example.org, or a list of them',
  }),
  timeout: timeout(),
  connections: connections(4),
  bind: optional(bindSection, {
    meaning: 'Who we are to it; nobody in particular without it.',
    expects: "a mapping such as {dn: 'cn=greymilter', password-file: /etc/greymilter/ldap}",
  }),
});

/** What rules can ask other servers than those of DNS. */
export const serverLookups = {
  urls: setting(
    kinds.named(
      parseDefinitionName,
      writtenForms.line,
      required(urlSection, { meaning: 'A web server.', expects: 'a mapping with url' }),
    ),
    {},
    {
      meaning: 'Web servers, by names for the condition `url`.',
      expects: "a mapping such as {check: {url: 'http://192.0.2.1/check?from={sender}'}}",
    },
  ),
  ldap: setting(
    ldapSection,
    {},
    {
      meaning: 'The directory that `ldap-queries` go to.',
      expects: 'a mapping with servers',
    },
  ),
  'ldap-queries': setting(
    kinds.named(
      parseDefinitionName,
      writtenForms.line,
      required(querySection, { meaning: 'A question.', expects: 'a mapping with url' }),
    ),
    {},
    {
      meaning: 'Questions for the directory, by names for the condition `ldap`.',
      expects: "a mapping such as {users: {url: 'ldap:///dc=example?mail?sub?(mail={recipient})'}}",
    },
  ),
};

function parseDefinitionName(written: string): Parsed<string> {
  if (/^[^\p{Cc}]{1,80}$/u.test(written) && written.trim() === written) return { ok: written };
  return { problem: 'is no name', hint: 'write up to 80 characters on one line' };
}

function parseLine(written: string): Parsed<string> {
  if (/^[^\p{Cc}]+$/u.test(written)) return { ok: written };
  return { problem: 'is no line of text', hint: 'write it on one line' };
}

/** The server must stand there as it is: what senders say must not choose it. */
export function parseUrl(written: string): Parsed<PlainTemplate> {
  const hint = "write it as in 'http://192.0.2.1/check?from={sender}'";
  const [, server = ''] = /^https?:\/\/([^/?#]*)(?:[/?#]|$)/i.exec(written) ?? [];
  if (server === '') return { problem: 'is no URL of the web', hint };
  if (/[{}]/.test(server)) {
    return { problem: 'has a placeholder in the name of its server', hint };
  }
  if (!URL.canParse(`http://${server}/`)) return { problem: 'has no server that can be', hint };
  if (/[\p{Cc} ]/u.test(written)) return { problem: 'has a blank in it', hint: 'write %20' };
  return parsePlainTemplate(written);
}
