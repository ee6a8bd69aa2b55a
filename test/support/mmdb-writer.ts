import { parseNetwork, type Network } from '../../src/mail/network.js';

/** What can stand in a record: the types that country and ASN databases use. */
export type MmdbValue = string | number | readonly string[] | { readonly [key: string]: MmdbValue };

/** Records by network, `192.0.2.0/24` or `2001:db8::/32`; of overlapping ones the later goes. */
export type MmdbEntries = Readonly<Record<string, MmdbValue>>;

type Branch = TreeNode | { readonly dataAt: number } | undefined;
interface TreeNode {
  readonly branches: [Branch, Branch];
}

const SEPARATOR = Buffer.alloc(16);
const METADATA_MARK = Buffer.concat([Buffer.from('abcdef', 'hex'), Buffer.from('MaxMind.com')]);
const RECORD_BYTES = 4;

/**
 * A MaxMind database with these records: a binary tree of address bits, IPv4 below ::/96, then the
 * data, then the metadata, as maxmind.github.io/MaxMind-DB describes version 2.0.
 */
export function writeMmdb(entries: MmdbEntries, type = 'Test'): Buffer {
  const root: TreeNode = { branches: [undefined, undefined] };
  const data: Buffer[] = [];
  let dataBytes = 0;
  for (const [text, value] of Object.entries(entries)) {
    const network = parseNetwork(text);
    if (network === undefined) throw new Error(`no network: ${text}`);
    insert(root, bitsOf(network), { dataAt: dataBytes });
    const encoded = encode(value);
    data.push(encoded);
    dataBytes += encoded.length;
  }
  const nodes = listNodes(root);
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_767_225_600,
    database_type: type,
    description: { en: 'made by a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: RECORD_BYTES * 8,
  });
  return Buffer.concat([encodeTree(nodes), SEPARATOR, ...data, METADATA_MARK, metadata]);
}

function bitsOf({ family, bytes, prefix }: Network): readonly (0 | 1)[] {
  const zeros = Array.from({ length: family === 4 ? 96 : 0 }, () => 0 as const);
  const bits = Array.from({ length: prefix }, (_, index) =>
    ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1 ? 1 : 0,
  );
  return [...zeros, ...bits];
}

function insert(root: TreeNode, bits: readonly (0 | 1)[], leaf: { readonly dataAt: number }): void {
  let node = root;
  for (const bit of bits.slice(0, -1)) {
    const next = node.branches[bit];
    if (next !== undefined && 'branches' in next) {
      node = next;
      continue;
    }
    // What a wider network says goes on for both halves.
    const below: TreeNode = { branches: [next, next] };
    node.branches[bit] = below;
    node = below;
  }
  node.branches[bits.at(-1) ?? 0] = leaf;
}

function listNodes(root: TreeNode): readonly TreeNode[] {
  const nodes = [root];
  for (const node of nodes)
    for (const branch of node.branches)
      if (branch !== undefined && 'branches' in branch) nodes.push(branch);
  return nodes;
}

function encodeTree(nodes: readonly TreeNode[]): Buffer {
  const numbers = new Map(nodes.map((node, index) => [node, index]));
  const tree = Buffer.alloc(nodes.length * 2 * RECORD_BYTES);
  nodes.forEach(({ branches }, index) =>
    branches.forEach((branch, side) => {
      tree.writeUInt32BE(recordOf(branch), (index * 2 + side) * RECORD_BYTES);
    }),
  );
  return tree;

  function recordOf(branch: Branch): number {
    if (branch === undefined) return nodes.length;
    if ('dataAt' in branch) return nodes.length + SEPARATOR.length + branch.dataAt;
    return numbers.get(branch) ?? nodes.length;
  }
}

/** Types by the number that the format gives them; those above 7 are written in a second byte. */
const STRING = 2;
const UINT32 = 6;
const MAP = 7;
const ARRAY = 11;

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(STRING, text.length), text]);
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(UINT32, bytes.length), bytes]);
  }
  if (isList(value)) return Buffer.concat([control(ARRAY, value.length), ...value.map(encode)]);
  const pairs = Object.entries(value);
  const encoded = pairs.flatMap(([key, inner]) => [encode(key), encode(inner)]);
  return Buffer.concat([control(MAP, pairs.length), ...encoded]);
}

function isList(value: MmdbValue): value is readonly string[] {
  return Array.isArray(value);
}

/** Sizes below 29 stand in the first byte, those below 285 in one more. */
function control(type: number, size: number): Buffer {
  const short = Math.min(size, 29);
  const head = type > 7 ? [short, type - 7] : [(type << 5) | short];
  return Buffer.from(size < 29 ? head : [...head, size - 29]);
}
