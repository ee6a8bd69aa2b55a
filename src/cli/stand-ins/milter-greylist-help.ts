/** What `greymilter milter-greylist -h` says; the options of milter-greylist in the order of its own help. */
export const MILTER_GREYLIST_HELP = `greymilter milter-greylist [options]

The filter with the options of milter-greylist 4.6. What an option says holds, whatever the
configuration file says, and also after a reload.

 -A               greylist authenticated clients, too
 -a autowhite     how long a triplet that passed is known: seconds, or 3d (0: not at all)
 -c               check the configuration file and exit: 0, 65 if it is wrong, 71 for a bad regex
 -D               stay in the foreground
 -d dumpfile      milter-greylist's dump file, taken over at the first start
 -f configfile    instead of /etc/mail/greylist.conf or /etc/milter-greylist/greylist.conf
 -h               show this and exit
 -l               show the configuration that results, with its rules, and start
 -q               do not tell clients how long they have to wait
 -r               show the version and exit
 -S               greylist clients that pass SPF, too
 -T               test mode: who matches no rule passes
 -u user[:group]  run as this user
 -v               log more
 -w delay         how long a new triplet waits: seconds, or 10m
 -L cidr          leading bits of an IPv4 address that make one client (32)
 -M prefixlen     the same for IPv6 (128)
 -P pidfile       file for the number of the process
 -p socket        where the MTA reaches the filter: /path, inet:port@host, inet6:port@host

What milter-greylist does not have:

     --ignore-unsupported  go on without what the file wants and greymilter does not do
     --set=SETTING=VALUE   one setting of greymilter.yaml (repeatable)
`;
