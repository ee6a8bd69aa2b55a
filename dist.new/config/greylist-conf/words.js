/** Words behind which a colon may stand; in the language of milter-greylist it is a part of them. */
export const COLON_WORDS = new Set([
    ...['greylist', 'autowhite', 'timeout', 'subnetmatch', 'subnetmatch6', 'report', 'dumpfile'],
    ...['dumpfreq', 'socket', 'pidfile', 'user', 'peer', 'syncaddr', 'syncsrcaddr', 'syncmaxqlen'],
    ...['addr', 'domain', 'from', 'rawfrom', 'rcpt'],
]);
/** Words that have a meaning and cannot stand for a domain. */
export const RESERVED_WORDS = new Set([
    ...COLON_WORDS,
    ...['lazyaw', 'quiet', 'verbose', 'nodetach', 'noauth', 'nospf', 'noaccessdb', 'multiracl'],
    ...['testmode', 'delayedreject', 'extendedregex', 'domainexact', 'unbracket', 'logexpired'],
    ...['dump_no_time_translation', 'fixldapcheck', 'nodrac', 'drac', 'logfac', 'maxpeek', 'stat'],
    ...['localaddr', 'geoipdb', 'geoipv6db', 'geoip2db', 'p0fsock', 'spamdsock', 'tarpit', 'dnsrbl'],
    ...['tarpit_scope', 'sm_macro', 'urlcheck', 'ldapconf', 'ldapcheck', 'ratelimit', 'tsig'],
    ...['nsupdate', 'list', 'racl', 'dacl', 'acl', 'whitelist', 'blacklist', 'continue', 'default'],
    ...['not', 'no', 'all', 'none', 'delays', 'nodelays', 'rcptcount', 'helo', 'auth', 'tls', 'spf'],
    ...['dkim', 'mx', 'geoip', 'p0f', 'time', 'header', 'body', 'msgsize', 'spamd', 'set', 'rset'],
    ...['log', 'delay', 'flushaddr', 'nolog', 'code', 'ecode', 'msg', 'addheader', 'addfooter'],
    ...['subjtag', 'id', 'unset'],
]);
//# sourceMappingURL=words.js.map