/** What the JSON Schema says of a text: at least everything that its parser takes. */
export interface WrittenForm {
    /** A regular expression as JSON Schema has them: ECMA 262, without flags. */
    readonly pattern?: string;
    readonly examples?: readonly string[];
}
/** The kinds of text in a configuration, for editors; what a text means only its parser says. */
export declare const writtenForms: {
    readonly duration: {
        readonly pattern: "^(?=\\d)(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$";
        readonly examples: readonly ["90s", "5m", "1h30m", "2d"];
    };
    readonly size: {
        readonly pattern: "^\\d+([KMG]iB)?$";
        readonly examples: readonly ["64KiB", "1MiB"];
    };
    readonly socketAddress: {
        readonly pattern: "^((unix:|local:)?/.*[^/]|inet6?:[^@\\s]+[@:].+)$";
        readonly examples: readonly ["unix:/run/greymilter/milter.sock", "inet:10033@127.0.0.1"];
    };
    readonly unixSocketAddress: {
        readonly pattern: "^(unix:|local:)?/.*[^/]$";
        readonly examples: readonly ["unix:/run/greymilter/admin.sock"];
    };
    readonly clientSet: {
        readonly pattern: "^(loopback|private|[0-9A-Fa-f:.]+(/\\d{1,3})?)$";
        readonly examples: readonly ["loopback", "private", "192.0.2.0/24", "2001:db8::/32"];
    };
    readonly addressPattern: {
        readonly pattern: "^(<>|[^*<>\\s]*@[^*<>\\s]*)$";
        readonly examples: readonly ["<>", "postmaster@", "@example.org", "joe@example.org"];
    };
    readonly senderPart: {
        readonly pattern: "^(batv|srs|verp|tokens)$";
        readonly examples: readonly ["batv", "srs", "verp", "tokens"];
    };
    readonly delimiters: {
        readonly pattern: "^[-!#$%&'*+./=?^_`{|}~]{1,8}$";
        readonly examples: readonly ["+", "+-"];
    };
    readonly storeUrl: {
        readonly pattern: "^level:(?!//).+$";
        readonly examples: readonly ["level:/var/lib/greymilter/db"];
    };
    readonly logTarget: {
        readonly pattern: "^(console|file:.+|syslog:(auth|authpriv|cron|daemon|ftp|local[0-7]|lpr|mail|news|syslog|user|uucp)(:[\\w.-]{1,32})?)$";
        readonly examples: readonly ["console", "file:/var/log/greymilter/greymilter.log", "syslog:mail"];
    };
    readonly activityTarget: {
        readonly pattern: "^(append:/.*[^/]|file:/.*[^/]|pipe:.*\\S.*)$";
        readonly examples: readonly ["append:/var/log/greymilter.activity", "pipe:cat"];
    };
    readonly fileMode: {
        readonly pattern: "^0?[0-7]{3}$";
        readonly examples: readonly ["0660"];
    };
    readonly account: {
        readonly pattern: "^([A-Za-z_][A-Za-z0-9_.-]{0,30}\\$?|\\d{1,10})$";
    };
    readonly absolutePath: {
        readonly pattern: "^/.*[^/]$";
        readonly examples: readonly ["/run/greymilter/greymilter.pid"];
    };
    readonly enhancedCode: {
        readonly pattern: "^4(\\.(0|[1-9]\\d{0,2})){2}$";
        readonly examples: readonly ["4.7.1"];
    };
    readonly anyEnhancedCode: {
        readonly pattern: "^[45](\\.(0|[1-9]\\d{0,2})){2}$";
        readonly examples: readonly ["4.7.1", "5.7.1"];
    };
    readonly headerText: {
        readonly pattern: "^[!-9;-~]{1,64}:.*\\S";
        readonly examples: readonly ["X-Greylist: {status} by greymilter at {host}; {date}"];
    };
    readonly identity: {
        readonly pattern: "^(network|spf|host-name)$";
        readonly examples: readonly ["network", "spf", "host-name"];
    };
    readonly filePath: {
        readonly pattern: "^.*[^/]$";
    };
    readonly resolver: {
        readonly pattern: "^(\\[[0-9A-Fa-f:.]+\\](:\\d{1,5})?|[0-9.]+(:\\d{1,5})?|[0-9A-Fa-f:.]+)$";
        readonly examples: readonly ["192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:5353"];
    };
    readonly address: {
        readonly pattern: "^[0-9A-Fa-f:.]+$";
        readonly examples: readonly ["192.0.2.25", "2001:db8::25"];
    };
    readonly url: {
        readonly pattern: "^https?://";
        readonly examples: readonly ["http://192.0.2.1/check?from={sender}"];
    };
    readonly ldapServer: {
        readonly pattern: "^ldaps?://";
        readonly examples: readonly ["ldap://192.0.2.10"];
    };
    readonly ldapUrl: {
        readonly pattern: "^ldaps?://";
        readonly examples: readonly ["ldap:///dc=example,dc=org?mail?sub?(mail={recipient})"];
    };
    readonly ruleName: {
        readonly examples: readonly ["our other MX hosts"];
    };
    readonly listName: {
        readonly examples: readonly ["partners"];
    };
    readonly line: {};
};
