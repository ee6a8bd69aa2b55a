/** What `greymilter postgrey --help` says; the options of Postgrey in the order of its own help. */
export const POSTGREY_HELP = `greymilter postgrey [options]

The policy service for Postfix with the options of Postgrey 1.37. Without options, those of
/etc/default/postgrey or /etc/sysconfig/postgrey are used.

 -h, --help              show this and exit
     --man               the same
     --version           show the version and exit
 -v, --verbose           log more
 -q, --quiet             log warnings only
     --syslog-facility=F syslog facility with --daemonize (mail)
 -u, --unix=PATH         listen on this socket
     --socketmode=MODE   its permissions (0666)
 -i, --inet=[HOST:]PORT  listen on this port, of localhost without a host
 -d, --daemonize         run in the background and log to syslog
     --pidfile=PATH      with --daemonize: file for the number of the process
     --user=USER         run as this user (postgrey)
     --group=GROUP       run as this group (that of the user)
     --dbdir=PATH        keep the triplets in the directory greymilter below this
     --delay=N           seconds that a new triplet waits (300)
     --max-age=N         days that a triplet is known without mail (35)
     --retry-window=N    days, or hours as in 48h, in which the retry has to come (2)
     --greylist-action=A what Postfix is told: DEFER_IF_PERMIT, DEFER or a code
     --greylist-text=TXT and the text; %s are the seconds to wait, %r is the recipient's domain
     --lookup-by-subnet  a client is its network (the default)
     --ipv4cidr=N        its leading bits, IPv4 (24)
     --ipv6cidr=N        and IPv6 (64)
     --lookup-by-host    a client is its address
 -n, --noaction          refused: there is no dry run
     --privacy           accepted; records are readable by the user alone, and not hashed
     --hostname=NAME     the host's name in the header
     --exim              accepted; Exim is served as well as Postfix
     --whitelist-clients=FILE     instead of the usual files (repeatable)
     --whitelist-recipients=FILE  instead of the usual files (repeatable)
     --auto-whitelist-clients=N   let a client pass after N of its triplets have passed (5; 0: never)
     --listen-queue-size=N        accepted without effect
     --x-greylist-header=TXT      header of mail that was delayed; %t seconds, %v version, %h host, %d date

What Postgrey does not have:

     --defaults=FILE     options from a file such as /etc/default/postgrey
     --config=FILE       settings of greymilter.yaml; options go on top of it
     --set=SETTING=VALUE one setting, as in --set greylist.identity=[network,spf] (repeatable)
`;
