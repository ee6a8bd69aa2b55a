/** What networks call the addresses that they hand out, rather than hosts that they run. */
const POOL_WORDS = new Set([
    ...['dyn', 'dynamic', 'dynip', 'dynamicip', 'dhcp', 'static', 'staticip', 'fixed', 'sta'],
    ...['dial', 'dialup', 'dialin', 'dip', 'ppp', 'pppoe', 'modem', 'isdn'],
    ...[
        'dsl',
        'adsl',
        'xdsl',
        'vdsl',
        'sdsl',
        'hdsl',
        'cable',
        'catv',
        'hfc',
        'ftth',
        'fttb',
        'fiber',
    ],
    ...['pool', 'pools', 'ippool', 'nat', 'cgn', 'cgnat', 'unassigned', 'unused', 'reverse', 'rev'],
    ...['cpe', 'cust', 'customer', 'customers', 'client', 'clients', 'user', 'users', 'subscriber'],
    ...[
        'res',
        'resnet',
        'residential',
        'broadband',
        'bband',
        'wireless',
        'wifi',
        'wlan',
        'lte',
        'gprs',
    ],
]);
/** What mail servers are called; pools of them have numbers too. */
const MAIL_WORDS = new Set([
    ...['mail', 'email', 'mailer', 'mailout', 'mailgate', 'mailgw', 'webmail', 'mx', 'mxout', 'mout'],
    ...['smtp', 'smtpout', 'esmtp', 'mta', 'relay', 'out', 'outbound', 'outgoing', 'outmail', 'send'],
    ...['sender', 'post', 'postfix', 'sendmail', 'exchange', 'bounce', 'news', 'newsletter', 'lists'],
]);
/**
 * Whether a host name looks as if it was generated from an address, or handed out with one: octets
 * or hexadecimal digits of an address, or words such as dyn, dsl, pool and static. Says nothing about
 * whether it is true.
 *
 * @param name in lower case
 * @param address that the name belongs to; with it also parts of it are recognised
 */
export function isGenericName(name, address) {
    const hostPart = withoutDomain(name);
    if (hostPart === '')
        return false;
    if (hasFourOctets(hostPart) || hasHexAddress(hostPart))
        return true;
    const words = hostPart.split(/[^a-z]+/);
    if (address !== undefined && hasPartOf(address, hostPart, words))
        return true;
    if (isMailHost(hostPart))
        return false;
    return words.some((word) => POOL_WORDS.has(word));
}
/**
 * What stands before the registered domain, more or less: a label too many or too few only matters
 * to networks that are called `dsl`.
 */
function withoutDomain(name) {
    return name.split('.').slice(0, -2).join('.');
}
/** `192-0-2-1`, `1.2.0.192`, `ip192x0x2x1`, and the same in twelve digits. */
function hasFourOctets(hostPart) {
    const candidates = hostPart.matchAll(/(?<!\d)\d{1,3}(?:[-._x]\d{1,3}){3}(?!\d)/g);
    for (const [text] of candidates) {
        if (text.split(/[-._x]/).every((octet) => Number(octet) <= 255))
            return true;
    }
    return /(?<!\d)(?:[01]\d\d|2[0-4]\d|25[0-5]){4}(?!\d)/.test(hostPart);
}
/**
 * `c0000201` or `pc0000201` for an IPv4 address, and what only an IPv6 address has: four groups with
 * letters among them, or twelve digits and more in a row. Digits alone may be a date or a number,
 * letters alone a word.
 */
function hasHexAddress(hostPart) {
    const digits = hostPart.matchAll(/(?<![0-9a-z])[a-z]{0,2}?([0-9a-f]{8}|[0-9a-f]{12,32})(?![0-9a-z])/g);
    for (const match of digits)
        if (isMixed(String(match[1])))
            return true;
    const groups = hostPart.matchAll(/(?<![0-9a-z])[0-9a-f]{1,4}(?:-{1,2}[0-9a-f]{1,4}){2,7}(?![0-9a-z])/g);
    for (const [text] of groups) {
        const isLong = text.includes('--') || text.split('-').length > 3;
        if (isLong && isMixed(text))
            return true;
    }
    return /(?:(?<![0-9a-z])[0-9a-f][.-]){16}/.test(`${hostPart}.`);
}
function isMixed(text) {
    return /\d.*\d/.test(text) && /[a-f]/.test(text);
}
/**
 * Three octets of the very address, in order or reversed, or all of it in hexadecimal; two octets
 * are enough where nothing says that it is a mail server, which may be numbered like that.
 */
function hasPartOf(address, hostPart, words) {
    const hex = Array.from(address.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const plain = hostPart.replace(/[-._]/g, '');
    if (address.family === 6)
        return plain.includes(hex.slice(16)) && /[1-9a-f]{4}/.test(hex.slice(16));
    if (plain.includes(hex))
        return true;
    const numbers = (hostPart.match(/\d+/g) ?? []).map(Number);
    const octets = Array.from(address.bytes);
    if (hasRun(numbers, octets.slice(1)) || hasRun(numbers, octets.slice(0, 3)))
        return true;
    return hasRun(numbers, octets.slice(2)) && !words.some((word) => MAIL_WORDS.has(word));
}
/** Whether these numbers follow each other, in this order or in the other. */
function hasRun(numbers, sought) {
    const last = sought.length - 1;
    return numbers.some((_, at) => sought.every((number, index) => numbers[at + index] === number) ||
        sought.every((number, index) => numbers[at + last - index] === number));
}
/** Whether the first label calls the host a mail server, whatever network it is in. */
function isMailHost(hostPart) {
    const first = hostPart.replace(/\..*/, '');
    return first.split(/[^a-z]+/).some((word) => MAIL_WORDS.has(word));
}
//# sourceMappingURL=generic-name.js.map