import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { filterAddress } from './address.js';

/** A filter of whatever kind, started by somebody else. */
export interface Peer {
  readonly name: string;
  /** A path, or an address such as `inet:10033@127.0.0.1`. */
  readonly path: string;
  /** Undefined if it is not known which process listens there. */
  readonly pid: number | undefined;
}

/** The state of a socket that listens, in the kernel's lists of TCP. */
const LISTENING = '0A';
/** The flag of a Unix socket that listens (`__SO_ACCEPTCON`). */
const ACCEPTS = 0x1_0000;

/**
 * A filter at an address. Its CPU time and memory can be told if it is one process on this machine,
 * and we may look at its open files.
 */
export function findPeer(path: string): Peer {
  const inode = listeningInode(path);
  const pid = inode === undefined ? undefined : ownerOf(inode);
  return { name: `peer ${path}`, path, pid };
}

function listeningInode(text: string): string | undefined {
  const address = filterAddress(text);
  if ('path' in address) return unixInode(address.path);
  const port = address.port.toString(16).toUpperCase().padStart(4, '0');
  return ['tcp', 'tcp6'].map((table) => tcpInode(table, port)).find((inode) => inode !== undefined);
}

/** The columns of the kernel's list: address, references, protocol, flags, type, state, inode, path. */
function unixInode(path: string): string | undefined {
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  for (const line of lines) {
    const [, , , flags = '', , , inode, bound] = line.trim().split(/\s+/);
    if (bound === path && (Number.parseInt(flags, 16) & ACCEPTS) !== 0) return inode;
  }
  return undefined;
}

/** The columns: number, own address, other address, state, five others, inode. */
function tcpInode(table: string, port: string): string | undefined {
  for (const line of readFileSync(`/proc/net/${table}`, 'utf8').split('\n')) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state === LISTENING && local.endsWith(`:${port}`)) return inode;
  }
  return undefined;
}

function ownerOf(inode: string): number | undefined {
  const wanted = `socket:[${inode}]`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const owner = pids.find((pid) => openFiles(pid).includes(wanted));
  return owner === undefined ? undefined : Number(owner);
}

/** What the files of a process are; none if it has ended, or is not ours to look at. */
function openFiles(pid: string): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  return ifThere(() => readdirSync(folder), []).map((file) =>
    ifThere(() => readlinkSync(`${folder}/${file}`), ''),
  );
}

/** Processes end and files are closed while they are looked at. */
function ifThere<Found>(look: () => Found, otherwise: Found): Found {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
