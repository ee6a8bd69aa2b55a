import { damaged, type ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';

export const SKETCH_ROWS = 4;
/** With the rows a mebibyte of numbers, however many networks there are. */
export const SKETCH_COLUMNS = 65_536;

/** How many of something each network has, as `NetworkCounts` keeps it: it says what the numbers mean. */
export interface NetworkSketch {
  /** Of all networks. */
  readonly total: number;
  /** One for each row. */
  readonly seeds: Int32Array;
  /** Row by row. */
  readonly cells: Uint32Array;
}

/**
 * Writes a sketch: the total, the seeds, and the numbers, each a varint; where numbers are 0, one 0 and
 * how many there are. Few networks take a few bytes each, and many a byte or two for each number. For
 * example, a total of 3, with seeds 1 to 4, and a 3 behind five zeros:
 *
 *   03   01 02 03 04   00 05   03   00 fa ff 0f
 */
export function writeSketch(writer: ByteWriter, { total, seeds, cells }: NetworkSketch): void {
  writer.writeVarint(total);
  for (const seed of seeds) writer.writeVarint(seed >>> 0);
  let zeros = 0;
  const writeZeros = (): void => {
    if (zeros === 0) return;
    writer.writeByte(0);
    writer.writeVarint(zeros);
    zeros = 0;
  };
  for (const cell of cells) {
    if (cell === 0) {
      zeros += 1;
      continue;
    }
    writeZeros();
    writer.writeVarint(cell);
  }
  writeZeros();
}

/** Reads what {@link writeSketch} has written. @throws CorrespondenceFormatError */
export function readSketch(reader: ByteReader): NetworkSketch {
  const total = reader.readVarint();
  const seeds = Int32Array.from({ length: SKETCH_ROWS }, () => reader.readVarint());
  const cells = new Uint32Array(SKETCH_ROWS * SKETCH_COLUMNS);
  for (let at = 0; at < cells.length;) {
    const number = reader.readVarint();
    if (number > 0) {
      cells[at++] = number;
      continue;
    }
    const zeros = reader.readVarint();
    if (zeros === 0 || zeros > cells.length - at) throw damaged('zeros that are none, or too many');
    at += zeros;
  }
  return { total, seeds, cells };
}
