import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Flight } from '../../../../src/store/redis/flight.js';

/** A flight by a clock of its own, and what has left with it. */
class Airport {
  nowMs = 0;
  readonly left: (readonly string[])[] = [];
  readonly flight = new Flight<string>(
    (all) => this.left.push(all),
    () => this.nowMs,
  );

  /** The rest of this turn of the event loop, which takes so long. */
  async turn(ms: number): Promise<void> {
    this.nowMs += ms;
    await nextTurn();
  }
}

describe('what is to be sent', () => {
  test('leaves together at the end of an idle turn', async () => {
    const airport = new Airport();
    airport.flight.add('a');
    airport.flight.add('b');
    assert.deepEqual(airport.left, []);
    await airport.turn(0.01);
    assert.deepEqual(airport.left, [['a', 'b']]);
  });

  test('waits for one more turn where that one had more to do', async () => {
    const airport = new Airport();
    airport.flight.add('a');
    await airport.turn(0.1);
    assert.deepEqual(airport.left, []);
    airport.flight.add('b');
    await airport.turn(0.01);
    assert.deepEqual(airport.left, [['a', 'b']]);
  });

  test('waits half a millisecond at most, however busy the turns are', async () => {
    const airport = new Airport();
    for (const item of ['a', 'b', 'c', 'd', 'e']) {
      assert.deepEqual(airport.left, []);
      airport.flight.add(item);
      await airport.turn(0.1);
    }
    assert.deepEqual(airport.left, [['a', 'b', 'c', 'd', 'e']]);
  });

  test('that comes after it has left takes the next one', async () => {
    const airport = new Airport();
    airport.flight.add('a');
    await airport.turn(0.01);
    await airport.turn(5);
    airport.flight.add('b');
    await airport.turn(0.01);
    assert.deepEqual(airport.left, [['a'], ['b']]);
  });

  test('takes the next one if it comes of its leaving', async () => {
    const left: (readonly string[])[] = [];
    const flight: Flight<string> = new Flight(
      (all) => {
        left.push(all);
        if (all[0] === 'a') flight.add('b');
      },
      () => 0,
    );
    flight.add('a');
    await nextTurn();
    await nextTurn();
    assert.deepEqual(left, [['a'], ['b']]);
  });
});
