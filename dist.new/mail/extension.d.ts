/**
 * The mailbox without its extension: with `+` as delimiter `user+extension` is `user`, also in quotes;
 * a name that begins with a delimiter is a name. Of several delimiters the first that occurs counts,
 * as in Postfix's `recipient_delimiter`.
 *
 * @param delimiters characters that begin an extension; none if extensions belong to the mailbox
 */
export declare function withoutExtension(localPart: string, delimiters: string): string;
