import * as kinds from './schema-kinds.js';
import * as values from './values.js';
import { writtenForms } from './written-forms.js';

const { choice, list, section, setting, text } = kinds;

const privacySection = kinds.sectionOrOff({
  'key-file': kinds.required(
    text(values.parseAbsolutePath, (path) => path, writtenForms.absolutePath),
    {
      meaning:
        'File of 32 random bytes or more, which the user of the filter can read. The same address has the same pseudonym as long as the file is the same.',
      expects: 'a path such as /etc/greymilter/log.key',
    },
  ),
  hide: setting(
    list(values.parseHiddenParty, (party) => party, {
      pattern: '^(sender|recipient|client)$',
      examples: ['sender', 'recipient', 'client'],
    }),
    ['sender', 'recipient'],
    {
      meaning:
        'Whose addresses: mailboxes of `sender` and `recipient`, whose domains stay; address, name and HELO of `client`.',
      expects: 'sender, recipient, client, or a list of them',
    },
  ),
});

export const logSection = section({
  level: setting(choice(['error', 'warn', 'info', 'debug']), 'info', {
    meaning: 'What is worth a line; decisions are logged at `info`.',
    expects: 'error, warn, info or debug',
  }),
  format: setting(choice(['text', 'json']), 'text', {
    meaning: 'Lines for people, or one JSON object per line for programs.',
    expects: 'text or json',
  }),
  style: setting(choice(['greymilter', 'postgrey', 'milter-greylist']), 'greymilter', {
    meaning:
      'Whose lines of text: our own, or those of Postgrey or milter-greylist, for programs that read its log. Then `to` is best `syslog:mail:postgrey`, or that with its name.',
    expects: 'greymilter, postgrey or milter-greylist',
  }),
  expired: setting(kinds.flag(), false, {
    meaning:
      'Whether each triplet that expires has a line at `info`, written when it is deleted; otherwise at `debug`.',
    expects: 'true or false',
  }),
  to: setting(
    text(values.parseLogTarget, values.formatLogTarget, writtenForms.logTarget),
    'console',
    {
      meaning:
        '`console`; `file:` and a path, which is opened anew on SIGHUP; or `syslog:` and a facility, such as `syslog:mail`, and behind another colon a tag.',
      expects: 'console, a file such as file:/var/log/greymilter.log, or syslog:mail',
    },
  ),
  privacy: setting(privacySection, null, {
    meaning:
      'Pseudonyms in the place of addresses, here and in `activity`: a keyed hash, so that reports still count.',
    expects: 'a mapping with key-file, or off',
  }),
});
