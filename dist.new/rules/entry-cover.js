import { networkOf } from '../mail/network.js';
/**
 * What an entry is and what is wider, as entries are written: whoever matches the entry matches each
 * of these. Of patterns nothing can be told but that they are the same.
 *
 * @param prefixes the prefix lengths of networks that are worth looking for
 */
export function coveringTexts(entry, prefixes) {
    const { kind, text, network, localPart = '', domain = '', name = '' } = entry;
    switch (kind) {
        case 'network':
            return network === undefined ? [text] : [text, ...networksAround(network, prefixes)];
        case 'address':
            return [text, `${localPart}@`, `@${domain}`, ...domainsAbove(domain).map((d) => `@.${d}`)];
        case 'domain':
            return [text, ...domainsAbove(domain).map((above) => `@.${above}`)];
        case 'name':
            return [text, ...domainsAbove(name).map((above) => `.${above}`)];
        case 'below': {
            const mark = text.startsWith('@') ? '@.' : '.';
            return [text, ...domainsAbove(domain).map((above) => mark + above)];
        }
        default:
            return [text];
    }
}
function domainsAbove(domain) {
    const labels = domain.split('.');
    return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}
function networksAround(network, prefixes) {
    const { prefix, text, ...address } = network;
    const first = { ...address, text: text.slice(0, text.indexOf('/')) };
    return [...prefixes]
        .filter((length) => length < prefix)
        .map((length) => networkOf(first, length).text);
}
//# sourceMappingURL=entry-cover.js.map