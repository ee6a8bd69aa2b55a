import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SharedClock } from '../../../../src/daemon/process/shared-clock.js';
import {
  createRunningClock,
  machineClocks,
  SteadyClock,
} from '../../../../src/daemon/process/steady-clock.js';
import { createTestMachine, type TestMachine } from '../../../support/test-machine.js';
import { RecordingLogger } from '../../../support/recording-logger.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const JUMPED = 'the clock has jumped: greylisting goes on by the time that has passed';
const RIGHT = 'the clock is where it should be again';
const BELIEVED = 'the clock is believed: greylisting goes by it';

interface Rig {
  readonly machine: TestMachine;
  readonly clock: SteadyClock;
  readonly logger: RecordingLogger;
  /** How far the clock is from the time that has really passed. */
  readonly off: () => number;
}

/** A machine that has been up for a day. */
function start(upMs = DAY): Rig {
  const machine = createTestMachine(upMs);
  const logger = new RecordingLogger();
  const clock = new SteadyClock(machine.clocks, logger);
  return { machine, clock, logger, off: () => clock.now() - machine.realNow() };
}

/** Runs for so long, with somebody who asks every ten minutes, as the sweeper does. */
function run({ machine, clock }: Rig, ms: number): void {
  for (let left = ms; left > 0; left -= 10 * MINUTE) {
    machine.run(Math.min(left, 10 * MINUTE));
    clock.now();
  }
}

/** What is no warning. */
function assertTold({ entries }: RecordingLogger, text: string): void {
  const found = entries.filter(({ message }) => message === text);
  assert.deepEqual(
    found.map(({ level }) => level),
    ['info'],
  );
}

describe('the steady clock', () => {
  test('is the wall clock while that keeps pace', () => {
    const rig = start();
    for (let day = 0; day < 100; day++) {
      run(rig, DAY);
      assert.equal(rig.off(), 0);
    }
    assert.equal(rig.clock.wallNow(), rig.clock.now());
    assert.equal(rig.clock.expiryNow(), rig.clock.now());
    assert.equal(rig.clock.gap, undefined);
    rig.logger.assertQuiet();
  });

  test('follows a step ahead of an hour at once, and no larger one', () => {
    const { machine, logger, off } = start();
    machine.step(HOUR);
    assert.equal(off(), HOUR);
    machine.step(HOUR + 1);
    assert.equal(off(), HOUR);
    assert.deepEqual(logger.take(JUMPED).fields, {
      clock: new Date(machine.clocks.wallNow()).toISOString(),
      seconds: 3600,
      followedAfter: 86_400,
    });
  });

  test('tells since when and by how much it doubts the wall clock', () => {
    const rig = start();
    const { machine, clock } = rig;
    machine.step(MINUTE);
    assert.equal(clock.doubt, undefined);
    machine.step(-2 * DAY);
    const since = clock.now();
    assert.deepEqual(clock.doubt, { driftMs: -2 * DAY, since });
    run(rig, HOUR);
    assert.deepEqual(clock.doubt, { driftMs: -2 * DAY, since });
    machine.step(2 * DAY);
    assert.equal(clock.doubt, undefined);
  });

  test('shows the same second twice in a leap second, and hardly longer', () => {
    const rig = start();
    rig.machine.step(-1000);
    assert.equal(rig.off(), 0);
    run(rig, 10 * MINUTE);
    assert.ok(rig.off() <= 0 && rig.off() >= -300);
    run(rig, HOUR);
    assert.equal(rig.off(), -1000);
    rig.logger.assertQuiet();
  });

  test('gains nothing by the fractions that the wall clock does not show', () => {
    for (const step of [0, YEAR, -YEAR]) {
      const { machine, clock, logger } = start();
      machine.step(step);
      for (let i = 0; i < 10_000; i++) {
        machine.run(0.3);
        clock.now();
      }
      assert.ok(Math.abs(clock.now() - machine.realNow()) <= 1);
      logger.takeAll();
    }
  });

  test('follows a small step of a clock on trial only ahead', () => {
    const rig = start();
    rig.machine.step(YEAR);
    assert.equal(rig.off(), 0);
    rig.machine.step(MINUTE);
    assert.equal(rig.off(), MINUTE);
    rig.machine.step(-2 * MINUTE);
    assert.equal(rig.off(), MINUTE);
    rig.logger.take(JUMPED);
    run(rig, DAY + 10 * MINUTE);
    assert.equal(rig.off(), YEAR - MINUTE);
    rig.logger.assertQuiet();
  });

  test('never runs back for a step back, however many there are', () => {
    const { machine, clock } = start();
    let last = clock.now();
    for (let i = 0; i < 1000; i++) {
      machine.run(7);
      machine.step(-MINUTE / 20);
      assert.ok(clock.now() >= last);
      last = clock.now();
    }
  });

  for (const [name, step] of [
    ['a year ahead', YEAR],
    ['a day back', -DAY],
    ['56 years back', -56 * YEAR],
  ] as const) {
    test(`takes no notice of ${name} that is undone within a day`, () => {
      const rig = start();
      rig.machine.step(step);
      run(rig, DAY - MINUTE);
      assert.equal(rig.off(), 0);
      rig.machine.step(-step);
      assert.equal(rig.off(), 0);
      assert.equal(rig.clock.gap, undefined);
      rig.logger.take(JUMPED);
      assertTold(rig.logger, RIGHT);
      run(rig, 3 * DAY);
      assert.equal(rig.off(), 0);
      rig.logger.assertQuiet();
    });

    test(`follows ${name} that has lasted for a day`, () => {
      const rig = start();
      rig.machine.step(step);
      run(rig, DAY + 10 * MINUTE);
      assert.equal(rig.off(), step);
      rig.logger.take(JUMPED);
      assertTold(rig.logger, BELIEVED);
    });

    test(`follows ${name} within a minute while the machine starts`, () => {
      const { machine, logger, off } = start(20 * MINUTE);
      machine.step(step);
      assert.equal(off(), 0);
      machine.run(MINUTE);
      assert.equal(off(), step);
      assert.equal(logger.take(JUMPED).fields['followedAfter'], 60);
      assertTold(logger, BELIEVED);
    });
  }

  test('begins to doubt anew when there is another jump', () => {
    const rig = start();
    rig.machine.step(YEAR);
    run(rig, 20 * HOUR);
    rig.machine.step(-2 * YEAR);
    run(rig, 23 * HOUR);
    assert.equal(rig.off(), 0);
    run(rig, 2 * HOUR);
    assert.equal(rig.off(), -YEAR);
    rig.logger.take(JUMPED);
    rig.logger.take(JUMPED);
    assertTold(rig.logger, BELIEVED);
  });

  test('counts the sleep of the machine, and does not count it twice', () => {
    const { machine, logger, off } = start();
    machine.sleep(10 * MINUTE);
    assert.equal(off(), 0);
    machine.sleep(9 * HOUR);
    assert.equal(off(), 0);
    logger.assertQuiet();
    machine.step(YEAR);
    assert.equal(off(), 0);
    machine.sleep(3 * HOUR);
    assert.equal(off(), 0, 'nor while the clock is in doubt');
    assert.equal(logger.take(JUMPED).fields['seconds'], YEAR / 1000);
    logger.assertQuiet();
  });

  test('does without uptime', () => {
    const machine = createTestMachine(DAY);
    const clocks = { ...machine.clocks, uptimeNow: () => undefined };
    const logger = new RecordingLogger();
    const clock = new SteadyClock(clocks, logger);
    machine.sleep(3 * HOUR);
    assert.equal(clock.now(), machine.realNow() - 3 * HOUR);
    assert.equal(logger.take(JUMPED).fields['followedAfter'], 86_400);
  });
});

describe('a jump ahead', () => {
  test('is an empty gap while it is in doubt: what was before may be older than it seems', () => {
    const { machine, clock, logger } = start();
    const at = clock.now();
    machine.step(YEAR);
    clock.now();
    assert.deepEqual([clock.gap?.beganAt, clock.gap?.endedAt], [at, at]);
    assert.equal(clock.expiryNow(), at);
    logger.take(JUMPED);
  });

  test('that is followed is a gap for a week, and is no reason to forget', () => {
    const rig = start();
    const { machine, clock } = rig;
    machine.step(YEAR);
    run(rig, DAY + 10 * MINUTE);
    const followedAt = clock.now();
    assert.ok(clock.gap !== undefined);
    assert.equal(clock.gap.endedAt - clock.gap.beganAt, YEAR);
    assert.ok(clock.gap.endedAt <= followedAt);
    assert.equal(clock.expiryNow(), followedAt - YEAR);
    run(rig, 7 * DAY);
    assert.equal(clock.gap, undefined);
    assert.equal(clock.expiryNow(), clock.now());
    rig.logger.take(JUMPED);
    assertTold(rig.logger, BELIEVED);
  });

  test('is none any more when it is taken back after it was followed', () => {
    const rig = start();
    rig.machine.step(YEAR);
    run(rig, 2 * DAY);
    rig.machine.step(-YEAR);
    run(rig, 12 * HOUR);
    assert.ok(rig.clock.gap !== undefined, 'it is followed as yet');
    run(rig, 13 * HOUR);
    assert.equal(rig.off(), 0);
    assert.equal(rig.clock.gap, undefined);
  });
});

describe('when the store was last in use', () => {
  test('means nothing if it was lately', () => {
    const { clock, logger, off } = start();
    for (const ago of [-HOUR, 0, DAY, 30 * DAY]) clock.resume(clock.now() - ago);
    assert.equal(off(), 0);
    assert.equal(clock.gap, undefined);
    logger.assertQuiet();
  });

  test('more than 30 days ago, nothing ends by that for a week', () => {
    const rig = start();
    const { clock } = rig;
    const now = clock.now();
    clock.resume(now - YEAR);
    assert.equal(clock.now(), now);
    assert.equal(clock.expiryNow(), now - YEAR);
    assert.deepEqual([clock.gap?.beganAt, clock.gap?.endedAt], [now - YEAR, now]);
    run(rig, 7 * DAY);
    assert.equal(clock.gap, undefined);
    rig.logger.assertQuiet();
  });

  test('is what time goes on from where the clock says that it is yet to come', () => {
    const rig = start(MINUTE);
    const { machine, clock, logger } = rig;
    machine.step(-DAY);
    const late = new SteadyClock(machine.clocks, logger);
    late.resume(machine.realNow());
    assert.equal(late.now(), machine.realNow());
    assert.equal(late.gap?.endedAt, machine.realNow());
    assert.equal(logger.take(JUMPED).fields['followedAfter'], 86_400);
    machine.step(DAY);
    assert.equal(late.now(), clock.now());
    assert.equal(late.gap, undefined);
    assertTold(logger, RIGHT);
    logger.assertQuiet();
  });
});

test('the clocks of this machine run', () => {
  const { wallNow, monotonicNow, uptimeNow } = machineClocks;
  assert.ok(Math.abs(wallNow() - Date.now()) < 60_000);
  assert.ok(monotonicNow() > 0);
  assert.equal(uptimeNow() === undefined, process.platform !== 'linux');
  const { clock, machine } = start();
  const shared = new SharedClock(clock, new RecordingLogger());
  machine.step(YEAR);
  assert.equal(shared.now(), machine.realNow());
  assert.equal(shared.wallNow(), machine.realNow() + YEAR);
  assert.equal(shared.expiryNow(), machine.realNow());
  assert.equal(shared.gap, clock.gap);
});

test('a running clock takes no notice of the wall clock', () => {
  const machine = createTestMachine(DAY);
  const clock = createRunningClock(machine.clocks);
  machine.step(-YEAR);
  machine.run(HOUR);
  assert.equal(clock.now(), machine.realNow());
});
