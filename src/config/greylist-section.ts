import { parseReplyTemplate } from '../greylist/reply-template.js';
import { formatSenderPart, parseDelimiters, parseSenderPart } from './address-forms.js';
import { formatAddressPattern, parseAddressPattern } from './address-pattern.js';
import { parseHeaderText } from './header-text.js';
import * as kinds from './schema-kinds.js';
import { A_DURATION, A_FLAG, A_MAPPING } from './settings.js';
import * as values from './values.js';
import { writtenForms } from './written-forms.js';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

const { choice, duration, durationOrOff, flag, list, section, setting, text, whole } = kinds;

// How low these may be is up to `style`; see style-bounds.ts.
const networkSection = section({
  ipv4: setting(whole(0, 32), 24, {
    meaning: 'Leading bits of an IPv4 address that make one client, 8 to 32.',
    expects: 'a whole number from 8 to 32',
    why: 'no network wider than a /8 belongs to one sender, and an address has 32 bits',
  }),
  ipv6: setting(whole(0, 128), 64, {
    meaning: 'Leading bits of an IPv6 address that make one client, 16 to 128.',
    expects: 'a whole number from 16 to 128',
    why: 'no network wider than a /16 belongs to one sender, and an address has 128 bits',
  }),
});

const patienceSection = kinds.sectionOrOff({
  tries: setting(whole(1, 100), 4, {
    meaning: 'How often a sender and recipient must have come back, each time after a delay.',
    expects: 'a whole number from 1 to 100',
    why: 'hardly a sender tries more than a hundred times before it gives up',
  }),
  over: setting(duration(1 * SECOND, 30 * DAY), '4h', {
    meaning: 'Over how long these tries must have spread.',
    expects: A_DURATION,
    why: 'hardly a sender tries for longer than 30 days',
  }),
});

const clientAutowhiteSection = kinds.sectionOrOff({
  after: setting(whole(1, 100), 5, {
    meaning: 'So many first passes make it exempt; of `sender-domain`, of so many senders.',
    expects: 'a whole number from 1 to 100',
    why: 'who came back a hundred times has shown all that greylisting can find out',
  }),
  count: setting(choice(['address', 'network', 'sender-domain']), 'address', {
    meaning:
      'For whom passes count. See [Clients that come back](senders.md#clients-that-come-back).',
    expects: 'address, network or sender-domain',
  }),
  domains: setting(whole(1, 100), 2, {
    meaning: 'From so many sender domains; of no account for `sender-domain`.',
    expects: 'a whole number from 1 to 100',
    why: 'more are never needed than passes',
  }),
  spacing: setting(duration(0, 7 * DAY), '1h', {
    meaning: 'A pass counts so long after the last that did; of no account for `sender-domain`.',
    expects: A_DURATION,
    why: 'a client that mails once a week would never get there',
  }),
  for: setting(duration(1 * SECOND, 1830 * DAY), '36d', {
    meaning: 'How long its passes are remembered, and it is exempt; its mail renews it.',
    expects: A_DURATION,
    why: 'five years are as good as for ever',
  }),
});

const senderSection = section({
  'fold-case': setting(flag(), true, {
    meaning:
      'Whether `Joe@example.org` and `joe@example.org` are the same sender; domains always are.',
    expects: A_FLAG,
  }),
  strip: setting(
    list(parseSenderPart, formatSenderPart, writtenForms.senderPart),
    ['batv', 'srs', 'verp', 'tokens'],
    {
      meaning:
        'What is taken out of senders. See [One sender in many spellings](senders.md#one-sender-in-many-spellings).',
      expects: 'batv, srs, verp or tokens, or a list of them',
    },
  ),
  form: setting(choice(['standard', 'postgrey', 'milter-greylist']), 'standard', {
    meaning:
      "`postgrey`, `milter-greylist`: that program's rule in place of `fold-case` and `strip`, for triplets taken over from it.",
    expects: 'standard, postgrey or milter-greylist',
  }),
});

const recipientSection = section({
  'fold-case': setting(flag(), true, {
    meaning: 'Whether `Joe@` and `joe@` at a domain are the same recipient.',
    expects: A_FLAG,
  }),
  'keep-extension': setting(flag(), true, {
    meaning: 'Whether `joe+news@` and `joe@` are different recipients.',
    expects: A_FLAG,
  }),
  delimiters: setting(
    text(parseDelimiters, (delimiters) => delimiters, writtenForms.delimiters),
    '+',
    {
      meaning:
        "The characters that begin an extension where it is not kept, as in Postfix's `recipient_delimiter`.",
      expects: "characters such as '+' or '+-'",
    },
  ),
  form: setting(choice(['standard', 'milter-greylist']), 'standard', {
    meaning: "`milter-greylist`: that program's rule in place of all others here.",
    expects: 'standard or milter-greylist',
  }),
});

const probeSection = section({
  match: setting(
    list(parseAddressPattern, formatAddressPattern, writtenForms.addressPattern),
    ['<>', 'double-bounce@', 'postmaster@'],
    {
      meaning:
        'Senders that other sites use to verify addresses: `<>`, `local-part@`, `@domain` or an address.',
      expects: "an address pattern such as '<>' or 'postmaster@', or a list of them",
    },
  ),
  stage: setting(choice(['rcpt', 'data']), 'data', {
    meaning: 'When such a sender is told to wait; at `data` its address verification still works.',
    expects: 'rcpt or data',
  }),
  autowhite: setting(duration(1 * SECOND, 1830 * DAY), '1d', {
    meaning: 'How long such a triplet is known after it passed; its mail does not renew it.',
    expects: A_DURATION,
    why: 'five years are as good as for ever',
  }),
});

const replyMilterSection = section({
  code: setting(kinds.checkedWhole(values.checkReplyCode, { minimum: 400, maximum: 459 }), 451, {
    meaning: 'SMTP code of the reply, 400 to 459 without 421.',
    expects: 'a reply code such as 451',
  }),
  enhanced: setting(
    text(values.parseEnhancedCode, (code) => code, writtenForms.enhancedCode),
    '4.7.1',
    {
      meaning: 'Enhanced status code of the reply, `4.x.y`.',
      expects: 'an enhanced status code such as 4.7.1',
    },
  ),
});

const replyPolicySection = section({
  action: setting(
    kinds.either(
      choice(['DEFER_IF_PERMIT', 'DEFER']),
      kinds.checkedWhole(values.checkReplyCode, { minimum: 400, maximum: 459 }),
    ),
    'DEFER_IF_PERMIT',
    {
      meaning:
        'What Postfix is told to do: `DEFER_IF_PERMIT` lets a later restriction refuse for good, and the client sees 450; `DEFER`; or an SMTP code such as 451.',
      expects: 'DEFER_IF_PERMIT, DEFER or a reply code such as 451',
    },
  ),
  enhanced: setting(
    text(values.parseEnhancedCode, (code) => code, writtenForms.enhancedCode),
    '4.2.0',
    {
      meaning: 'Enhanced status code of the reply, `4.x.y`.',
      expects: 'an enhanced status code such as 4.2.0',
    },
  ),
});

const replySection = section({
  milter: setting(
    replyMilterSection,
    {},
    {
      meaning: 'The codes that milters answer with.',
      expects: A_MAPPING,
    },
  ),
  policy: setting(
    replyPolicySection,
    {},
    {
      meaning: 'What the policy service answers with.',
      expects: A_MAPPING,
    },
  ),
  text: setting(
    text(parseReplyTemplate, (template) => template.text, writtenForms.line),
    'Greylisted, please try again in {wait} seconds',
    {
      meaning:
        'What the client is told. `{wait}` and `{minutes}` say when to come back; there are also `{delay}`, `{client}`, `{name}`, `{from}`, `{to}`, `{domain}` (of the recipient), `{id}` and `{host}`.',
      expects: 'a line of text',
    },
  ),
});

/** The section `greylist`: all of it is about when and how a client is put off. */
export const greylistSection = section({
  mode: setting(choice(['enforce', 'learn', 'shadow']), 'enforce', {
    meaning:
      '`enforce`: new triplets are put off. `learn`: they pass, and are known for 7 days. `shadow`: they pass, and the log says what would have been said.',
    expects: 'enforce, learn or shadow',
  }),
  style: setting(choice(['greymilter', 'milter-greylist']), 'greymilter', {
    meaning:
      "`milter-greylist`: a triplet waits, and is known, by [that program's rules](milter-greylist.md#its-way-in-our-own-configuration).",
    expects: 'greymilter or milter-greylist',
  }),
  'lazy-autowhite': setting(flag(), false, {
    meaning:
      'Whether a client is known for all senders and recipients once a triplet of it is; with `style: milter-greylist`.',
    expects: A_FLAG,
  }),
  delay: setting(duration(0, 1 * DAY), '3m', {
    meaning: 'How long a new triplet waits, at most a day.',
    expects: A_DURATION,
    why: 'without a delay every retry would pass, and after a day senders warn their users or give up',
  }),
  'retry-window': setting(duration(1 * SECOND, 60 * DAY), '2d', {
    meaning:
      'How long its first attempt is remembered; a retry after that is a first attempt again.',
    expects: A_DURATION,
    why: 'senders retry for days (RFC 5321 section 4.5.4.1), not for months',
  }),
  autowhite: setting(duration(0, 1830 * DAY), '36d', {
    meaning: 'How long a triplet that passed is known; its mail renews it.',
    expects: A_DURATION,
    why: 'five years are as good as for ever',
  }),
  network: setting(
    networkSection,
    {},
    {
      meaning: 'What counts as the same client.',
      expects: A_MAPPING,
    },
  ),
  stage: setting(choice(['rcpt', 'data']), 'rcpt', {
    meaning: 'Whether a recipient is put off at its RCPT command, or all of them at DATA.',
    expects: 'rcpt or data',
  }),
  identity: setting(
    list(values.parseIdentity, (identity) => identity, writtenForms.identity),
    ['network', 'spf', 'host-name'],
    {
      meaning:
        'What shows that a client has tried before from elsewhere; `network` always counts. See [Pools](senders.md#pools).',
      expects: 'network, spf, host-name, or a list of them',
    },
  ),
  patience: setting(
    patienceSection,
    {},
    {
      meaning:
        'A safety valve: what came back often and for long passes from wherever it comes; `off` to do without.',
      expects: 'off, or a mapping with tries and over',
    },
  ),
  replies: setting(durationOrOff(1 * SECOND, 60 * DAY), '7d', {
    meaning:
      'How long an answer to mail of your own users need not wait, if its client proves to be of the right domain; `off` to let it wait. Needs `local-domains`.',
    expects: 'a duration such as 7d, or off',
    why: 'who has not answered in 60 days can wait for some minutes',
  }),
  providers: setting(choice(['accept', 'greylist']), 'accept', {
    meaning:
      'Whether [large senders that are known to retry badly](senders.md#large-senders) pass, by the networks that their SPF names, or are greylisted like anybody.',
    expects: 'accept or greylist',
  }),
  'client-autowhite': setting(
    clientAutowhiteSection,
    {},
    {
      meaning:
        'A client whose triplets pass one after the other waits no more; `off` to do without.',
      expects: 'off, or a mapping with after, count, domains, spacing and for',
    },
  ),
  sender: setting(
    senderSection,
    {},
    {
      meaning: 'Which spellings are the same sender.',
      expects: A_MAPPING,
    },
  ),
  recipient: setting(
    recipientSection,
    {},
    {
      meaning: 'Which spellings are the same recipient.',
      expects: A_MAPPING,
    },
  ),
  'probe-senders': setting(
    probeSection,
    {},
    {
      meaning: 'Senders that may only be probing whether an address exists.',
      expects: A_MAPPING,
    },
  ),
  reply: setting(
    replySection,
    {},
    {
      meaning: 'How a client is told to come back.',
      expects: A_MAPPING,
    },
  ),
  header: setting(choice(['always', 'delayed', 'not-delayed', 'never']), 'delayed', {
    meaning:
      'Whether mail gets an X-Greylist header: always, when it was delayed, when it was not, or never.',
    expects: 'always, delayed, not-delayed or never',
  }),
  'header-text': setting(
    text(parseHeaderText, (header) => header.text, writtenForms.headerText),
    'X-Greylist: {status} by greymilter at {host}; {date}',
    {
      meaning:
        'That header. `{status}` is `delayed 00:05:12` or `not delayed`, `{delayed}` the seconds of the delay; there are also `{host}`, `{version}` and `{date}`.',
      expects: 'a header field such as "X-Greylist: delayed {delayed} seconds at {host}"',
    },
  ),
});
