import { readFileSync } from 'node:fs';

/** For the store, logs, lists, name servers and those who steer us: some forty are open at rest. */
const OWN_DESCRIPTORS = 256;

/** Where there are very many: a store of ten million triplets has three hundred files. */
const OWN_OF_MANY = 640;

/** Those of them that nobody can do without, at work. */
const NEEDED_DESCRIPTORS = 128;

/** Connections of one protocol: those that are filtered, and those above that, which pass. */
export interface ConnectionLimits {
  readonly connections: number;
  readonly bystanders: number;
}

/** How many file descriptors there may be; Infinity where the system does not say or does not mind. */
export function readDescriptorLimit(path = '/proc/self/limits'): number {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Only Linux has it.
    return Infinity;
  }
  const [, soft] = /^Max open files +(\d+) /m.exec(text) ?? [];
  return soft === undefined ? Infinity : Number(soft);
}

/** How many of them are for connections of MTAs. */
export function descriptorRoom(limit: number): number {
  return limit - ownDescriptors(limit);
}

/** How many of its files a store may hold open only to be quicker with deleting them. */
export function heldFilesRoom(limit: number): number {
  return Math.max(0, ownDescriptors(limit) - NEEDED_DESCRIPTORS);
}

function ownDescriptors(limit: number): number {
  const ofFew = Math.min(OWN_DESCRIPTORS, Math.ceil(limit / 4));
  return Math.max(ofFew, Math.min(OWN_OF_MANY, Math.floor(limit / 16)));
}

/**
 * Fits limits into the descriptors that there are. With none left a connection is closed before
 * anybody hears of it, and the store cannot open its files; so fewer are filtered, an eighth is for
 * sessions that pass, and beyond that connections are closed by us, and counted.
 */
export function fitInto(room: number, wanted: ConnectionLimits): ConnectionLimits {
  const left = Math.max(Math.floor(room / 8), room - wanted.connections);
  const bystanders = Math.min(wanted.bystanders, left);
  return { connections: Math.min(wanted.connections, room - bystanders), bystanders };
}
