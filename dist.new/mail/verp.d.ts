/**
 * A list's own name, without the recipient that it has put into it (variable envelope return path)
 * and without an extension: `list-bounces+joe=example.net` is `list-bounces`, and
 * `list-return-joe=example.net` is `list-return-#`. What has neither is left as it is.
 */
export declare function withoutRecipient(localPart: string): string;
