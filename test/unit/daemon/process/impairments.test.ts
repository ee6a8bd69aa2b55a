import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Impairments } from '../../../../src/daemon/process/impairments.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

/** What there is now, in words. */
function presentIn({ all }: Impairments): readonly string[] {
  return all.filter(({ isOn }) => isOn).map(({ briefly }) => briefly);
}

function rig() {
  const logger = new RecordingLogger();
  const clock = createManualClock();
  const changes: (readonly string[])[] = [];
  const impairments: Impairments = new Impairments(logger, clock, () =>
    changes.push(presentIn(impairments)),
  );
  const logged = (): readonly string[] =>
    logger.entries
      .splice(0)
      .map(({ level, message, fields }) => `${level} ${message} ${JSON.stringify(fields)}`);
  return { impairments, clock, changes, logged };
}

describe('an impairment', () => {
  test('is logged when it begins and when it ends, with how long and how often it was', () => {
    const { impairments, clock, changes, logged } = rig();
    const { storeRead } = impairments;
    storeRead.meet({ code: 'STORE_UNAVAILABLE' });
    clock.advance(10_000);
    storeRead.meet({ code: 'STORE_UNAVAILABLE' });
    clock.advance(59_999);
    storeRead.over();
    assert.equal(storeRead.isOn, true);
    clock.advance(1);
    storeRead.over();
    assert.equal(storeRead.isOn, false);
    assert.deepEqual(logged(), [
      'error store cannot be read {"code":"STORE_UNAVAILABLE"}',
      'info the store can be read again {"seconds":10,"times":2}',
    ]);
    assert.deepEqual(changes, [['the store cannot be read'], []]);
  });

  test('that begins again once it has ended is logged again', () => {
    const { impairments, clock, logged } = rig();
    for (let round = 0; round < 2; round++) {
      impairments.milterOverload.meet({});
      clock.advance(60_000);
      impairments.milterOverload.over();
    }
    assert.deepEqual(
      logged().map((line) => line.split(' ')[0]),
      ['warn', 'info', 'warn', 'info'],
    );
  });

  test('of which something goes well now and then is one, and does not fill the log', () => {
    const { impairments, clock, changes, logged } = rig();
    for (let seconds = 0; seconds < 50; seconds++) {
      impairments.storeRead.meet({});
      impairments.storeRead.over();
      clock.advance(1000);
    }
    assert.equal(logged().length, 1);
    assert.equal(changes.length, 1);
  });

  test('that goes on is logged once a minute', () => {
    const { impairments, clock, changes, logged } = rig();
    for (let seconds = 0; seconds <= 60; seconds++) {
      impairments.storeWrite.meet({});
      clock.advance(1000);
    }
    assert.equal(logged().length, 2);
    assert.equal(changes.length, 1);
  });

  test('that is not there cannot end', () => {
    const { impairments, changes, logged } = rig();
    for (const impairment of impairments.all) impairment.over();
    assert.deepEqual([logged(), changes], [[], []]);
  });

  test('is told together with the others', () => {
    const { impairments } = rig();
    impairments.policyOverload.meet({});
    impairments.storeWrite.meet({});
    assert.deepEqual(presentIn(impairments), [
      'the store cannot be written',
      'too many policy connections, some pass',
    ]);
    assert.equal(new Set(impairments.all.map(({ cause }) => cause)).size, 6);
  });
});
