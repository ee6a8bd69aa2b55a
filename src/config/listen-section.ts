import { formatClientSet, parseClientSet } from './client-set.js';
import * as kinds from './schema-kinds.js';
import {
  formatSocketAddress,
  parseInetSocketAddress,
  parseSocketAddress,
  parseUnixSocketAddress,
} from './socket-address.js';
import { A_MAPPING } from './settings.js';
import * as values from './values.js';
import { writtenForms } from './written-forms.js';

const { list, section, setting, text } = kinds;

const socketSection = section({
  mode: setting(text(values.parseFileMode, values.formatFileMode, writtenForms.fileMode), '0660', {
    meaning: 'Permissions of Unix sockets, octal and in quotes.',
    expects: 'a file mode in quotes, such as "0660"',
  }),
  owner: setting(kinds.account(), null, {
    meaning: 'User that Unix sockets belong to; null leaves them to the user the filter runs as.',
    expects: 'a user name or number, or null',
  }),
  group: setting(kinds.account(), null, {
    meaning: "Group that Unix sockets belong to, usually the MTA's; null leaves it as it is.",
    expects: 'a group name or number, or null',
  }),
});

const adminSocketSection = section({
  mode: setting(text(values.parseFileMode, values.formatFileMode, writtenForms.fileMode), '0660', {
    meaning: 'Permissions of the admin socket, octal and in quotes.',
    expects: 'a file mode in quotes, such as "0660"',
  }),
  owner: setting(kinds.account(), null, {
    meaning: 'User that the admin socket belongs to; null leaves it to the one the filter runs as.',
    expects: 'a user name or number, or null',
  }),
  group: setting(kinds.account(), null, {
    meaning: 'Group that may use the admin socket; null leaves it as it is.',
    expects: 'a group name or number, or null',
  }),
});

export const listenSection = section({
  milter: setting(
    list(parseSocketAddress, formatSocketAddress, writtenForms.socketAddress),
    ['unix:/run/greymilter/milter.sock', 'inet:10033@127.0.0.1'],
    {
      meaning:
        "Where the MTA reaches the filter, in Sendmail's spelling or Postfix's; several are fine.",
      expects: 'a socket address such as inet:10033@127.0.0.1, or a list of them',
    },
  ),
  policy: setting(list(parseSocketAddress, formatSocketAddress, writtenForms.socketAddress), [], {
    meaning:
      "Where Postfix's `check_policy_service` reaches it, or Exim's `readsocket`; in place of `milter`, or beside it.",
    expects: 'a socket address such as inet:10023@127.0.0.1, or a list of them',
  }),
  admin: setting(
    text(parseUnixSocketAddress, formatSocketAddress, writtenForms.unixSocketAddress).nullable(),
    'unix:/run/greymilter/admin.sock',
    {
      meaning: 'Unix socket at which commands find the filter while it runs; null to do without.',
      expects: 'a socket address such as unix:/run/greymilter/admin.sock, or null',
    },
  ),
  http: setting(
    text(parseInetSocketAddress, formatSocketAddress, writtenForms.inetSocketAddress).nullable(),
    null,
    {
      meaning:
        'TCP socket for Prometheus and browsers, with what `admin` has for whoever has a token: see `http`; null to do without.',
      expects: 'a socket address such as inet:127.0.0.1:8025, or null',
    },
  ),
  socket: setting(
    socketSection,
    {},
    {
      meaning: 'Who may open the Unix sockets of `milter` and `policy`.',
      expects: A_MAPPING,
    },
  ),
  'admin-socket': setting(
    adminSocketSection,
    {},
    {
      meaning: 'Who may open the admin socket: whoever may can read and delete all records.',
      expects: A_MAPPING,
    },
  ),
  allow: setting(list(parseClientSet, formatClientSet, writtenForms.clientSet), [], {
    meaning:
      'MTAs that may connect from other machines; needed when a listener is not on loopback.',
    expects: 'a network such as 192.0.2.0/24, or a list of them',
  }),
});
