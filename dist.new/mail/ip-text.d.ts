/**
 * Reading addresses character by character: this runs for every session and for every stored
 * source that is listed, and a pattern would cost several times as much.
 */
/** Four decimal octets between two offsets of a text; undefined if that is not what is there. */
export declare function readDottedQuad(text: string, start: number, end: number): Uint8Array | undefined;
/**
 * The 16 bytes of an IPv6 address between two offsets of a text (RFC 4291 section 2.2, all three
 * forms); undefined if that is not what is there.
 */
export declare function readIpv6(text: string, start: number, end: number): Uint8Array | undefined;
