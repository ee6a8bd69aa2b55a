import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CorrespondenceFormatErrorCode } from '../../../src/greylist/byte-reader.js';
import { SKETCH_COLUMNS, SKETCH_ROWS } from '../../../src/greylist/network-sketch.js';
import {
  decodeFoundPopulation,
  decodePopulationState,
  encodeFoundPopulation,
  encodePopulationState,
  foundPopulationKey,
  isPopulationKey,
  POPULATION_KEY,
  type FoundPopulation,
} from '../../../src/greylist/population-record.js';

const CELLS = SKETCH_ROWS * SKETCH_COLUMNS;

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replace(/../g, '$& ').trim();
}

function refusedAs(code: CorrespondenceFormatErrorCode) {
  return { name: 'CorrespondenceFormatError', code };
}

/** A sketch with numbers at these places. */
function sketchOf(numbers: Readonly<Record<number, number>>): FoundPopulation['pending'] {
  const cells = new Uint32Array(CELLS);
  for (const [at, number] of Object.entries(numbers)) cells[Number(at)] = number;
  return { total: 3, seeds: Int32Array.of(1, 2, 3, 4), cells };
}

function found(pending: FoundPopulation['pending']): FoundPopulation {
  return {
    ...{ since: 1, countedAt: 2 },
    triplets: { pending: 3, passed: 4, ended: 5 },
    clients: { pending: 6, autowhite: 7, ended: 8 },
    ...{ exceptions: 9, kinds: new Map([['pair', 10]]), pending },
  };
}

/** All but the numbers of the sketch of {@link found}. */
const head = '01 01 02 03 04 05 06 07 08 09 01 04 70 61 69 72 0a 03 01 02 03 04';

describe('who counts a shared store', () => {
  const counting = { id: 'ab', since: 1, until: 5 };
  const latest = { id: 'c', since: 300, countedAt: 2 };
  for (const [name, state, hex] of [
    ['nobody, and nothing was found', { counting: undefined, latest: undefined }, '01 00'],
    ['somebody', { counting, latest: undefined }, '01 01 02 61 62 01 05'],
    ['nobody, and something was found', { counting: undefined, latest }, '01 02 01 63 ac 02 02'],
    ['somebody, again', { counting, latest }, '01 03 02 61 62 01 05 01 63 ac 02 02'],
  ] as const)
    test(`is written down: ${name}`, () => {
      assert.equal(toHex(encodePopulationState(state)), hex);
      assert.deepEqual(decodePopulationState(fromHex(hex)), state);
    });

  for (const [what, hex, code] of [
    ['of a later version', '02 00', 'CORRESPONDENCE_NEWER_FORMAT'],
    ['with a round of no kind', '01 04', 'CORRESPONDENCE_DAMAGED'],
    ['that is too long', '01 00 00', 'CORRESPONDENCE_DAMAGED'],
    ['that is too short', '01 01 02 61', 'CORRESPONDENCE_DAMAGED'],
  ] as const)
    test(`a record ${what} is none`, () => {
      assert.throws(() => decodePopulationState(fromHex(hex)), refusedAs(code));
    });
});

describe('what was found in a shared store', () => {
  for (const [name, numbers, hex] of [
    ['nothing', {}, '00 80 80 10'],
    ['a number behind zeros', { 5: 3 }, '00 05 03 00 fa ff 0f'],
    ['the first and the last number', { 0: 200, [CELLS - 1]: 1 }, 'c8 01 00 fe ff 0f 01'],
  ] as const)
    test(`is written down: ${name}`, () => {
      const population = found(sketchOf(numbers));
      assert.equal(toHex(encodeFoundPopulation(population)), `${head} ${hex}`);
      assert.deepEqual(decodeFoundPopulation(fromHex(`${head} ${hex}`)), population);
    });

  test('keeps seeds and numbers of all sizes', () => {
    const cells = Uint32Array.from({ length: CELLS }, (_, at) => Math.imul(at, 0x9e3779b1) >>> 0);
    const pending = { total: 2 ** 40, seeds: Int32Array.of(-1, 0, 2 ** 31 - 1, -(2 ** 31)), cells };
    assert.deepEqual(decodeFoundPopulation(encodeFoundPopulation(found(pending))), found(pending));
  });

  for (const [what, hex, code] of [
    ['of a later version', '02', 'CORRESPONDENCE_NEWER_FORMAT'],
    ['with more zeros than there is room', `${head} 00 81 80 10`, 'CORRESPONDENCE_DAMAGED'],
    ['with zeros that are none', `${head} 00 00`, 'CORRESPONDENCE_DAMAGED'],
    ['that is too long', `${head} 00 80 80 10 01`, 'CORRESPONDENCE_DAMAGED'],
    ['that is too short', `${head} 01`, 'CORRESPONDENCE_DAMAGED'],
  ] as const)
    test(`a record ${what} is none`, () => {
      assert.throws(() => decodeFoundPopulation(fromHex(hex)), refusedAs(code));
    });
});

test('the keys of both are told from all others', () => {
  for (const key of [POPULATION_KEY, foundPopulationKey('ab')])
    assert.ok(isPopulationKey(key), key);
  for (const key of ['', 'populations', 'p', 'cpopulation ab'])
    assert.ok(!isPopulationKey(key), key);
});
