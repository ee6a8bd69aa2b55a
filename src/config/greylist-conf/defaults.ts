import type { Mapping } from './placed.js';

/** What milter-greylist tells who is blacklisted. */
export const REFUSAL_TEXT = 'Go away!';

/**
 * Where milter-greylist's defaults differ from ours: what holds for a file that says nothing, in the
 * order in which our configuration is written.
 */
export const GREYLIST_CONF_DEFAULTS: Mapping = {
  greylist: {
    style: 'milter-greylist',
    delay: '30m',
    'retry-window': '5d',
    autowhite: '1d',
    network: { ipv4: 32, ipv6: 128 },
    replies: 'off',
    providers: 'greylist',
    'client-autowhite': 'off',
    sender: { form: 'milter-greylist' },
    recipient: { form: 'milter-greylist' },
    'probe-senders': { match: [] },
    reply: { text: 'Greylisting in action, please come back in {remaining}' },
    header: 'always',
    'header-text':
      'X-Greylist: {milter-greylist} by milter-greylist-4.6.4 ({host} [{local-address}]); {date} (UTC)',
  },
  refusal: { code: 551, enhanced: '5.7.1', text: REFUSAL_TEXT },
  trusted: [],
  log: { style: 'milter-greylist', to: 'syslog:mail:milter-greylist' },
  reload: 'watch',
};
