divert(-1)dnl
dnl For sendmail.mc, above the MAILER lines: asks greymilter about each recipient.
dnl
dnl   FEATURE(`greymilter')                            on unix:/run/greymilter/milter.sock
dnl   FEATURE(`greymilter', `inet:10033@127.0.0.1')    somewhere else
dnl   FEATURE(`greymilter', `', `T')                   while the filter is down: 451, not unfiltered
dnl
dnl Filters are asked in the order in which they are named: this one belongs before others, which then
dnl need not look at mail that is put off. Its place is the folder feature of Sendmail's cf files.
define(`_GREYMILTER_AT_', ifelse(len(X`'_ARG_), `1', `unix:/run/greymilter/milter.sock', _ARG_))dnl
define(`_GREYMILTER_DOWN_', ifelse(len(X`'_ARG2_), `1', `', ``, F=''_ARG2_))dnl
INPUT_MAIL_FILTER(`greymilter', `S='defn(`_GREYMILTER_AT_')defn(`_GREYMILTER_DOWN_')`, T=C:10s;S:10s;R:10s;E:1m')dnl
