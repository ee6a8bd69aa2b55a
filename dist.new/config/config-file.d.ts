/**
 * Reads a file of text.
 *
 * @throws ConfigError if it is not there, may not be read, is too large, or is not UTF-8
 */
export declare function readTextFile(file: string, maxBytes: number): Promise<string>;
/** Whether a file is in our own language, by its name; any other is one of milter-greylist's. */
export declare function isYamlFile(file: string): boolean;
/**
 * Reads the text of a configuration file. One of milter-greylist's may be older than UTF-8: what is
 * none is read as ISO 8859-1, which any bytes are.
 *
 * @throws ConfigError as {@link readTextFile} does
 */
export declare function readConfigFile(file: string): Promise<string>;
