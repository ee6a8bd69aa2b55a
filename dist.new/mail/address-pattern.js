/** Whether the pattern means this address; letter case never matters. */
export function matchesAddress(pattern, address) {
    return ((pattern.domain === undefined || pattern.domain === address.domain) &&
        (pattern.localPart === undefined || pattern.localPart === address.localPart.toLowerCase()));
}
//# sourceMappingURL=address-pattern.js.map