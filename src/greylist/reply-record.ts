import { ByteReader, newerFormat } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { escapePart, SEPARATOR, unescapePart } from './correspondence-key.js';

/** Whose reply is expected. Addresses are in the form of `normaliseAddress`, and none is empty. */
export interface ReplyParties {
  /** Whom our own user has written to. */
  readonly sender: string;
  /** Our own user. */
  readonly recipient: string;
}

/** What is remembered of mail that went out. */
export interface ReplyRecord {
  /** When it was written down, in epoch milliseconds; not each mail does it again. */
  readonly writtenAt: number;
}

/**
 * A record: a byte for the version, and `writtenAt` as a varint. For example:
 *
 *   01 88 d8 d3 9d fd 31   version 1, 1717243800584
 */
const FORMAT_VERSION = 1;

const REPLY = 'r';

const writer = new ByteWriter();

/**
 * The key of what is remembered of mail that went out, by the parties of the reply to it. The
 * recipient comes first, as in the keys of correspondences.
 */
export function replyKey({ sender, recipient }: ReplyParties): string {
  return REPLY + escapePart(recipient) + SEPARATOR + escapePart(sender);
}

/** Reads a key back; undefined if it is not one of {@link replyKey}'s. */
export function parseReplyKey(key: string): ReplyParties | undefined {
  const [recipient = '', sender = '', ...more] = key.slice(REPLY.length).split(SEPARATOR);
  if (!key.startsWith(REPLY) || more.length > 0 || recipient === '' || sender === '')
    return undefined;
  return { sender: unescapePart(sender), recipient: unescapePart(recipient) };
}

/** The record's stored form; the instant must be a safe integer and not negative. */
export function encodeReply({ writtenAt }: ReplyRecord): Uint8Array {
  writer.clear();
  writer.writeByte(FORMAT_VERSION);
  writer.writeVarint(writtenAt);
  return writer.toBytes();
}

/** @throws CorrespondenceFormatError if no version has written these bytes, or a newer one */
export function decodeReply(value: Uint8Array): ReplyRecord {
  const reader = new ByteReader(value);
  const version = reader.readByte();
  if (version !== FORMAT_VERSION) throw newerFormat(`a reply in format ${version}`);
  const record = { writtenAt: reader.readVarint() };
  reader.end();
  return record;
}
