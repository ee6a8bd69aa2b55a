import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createMilterFilter } from '../../../../src/daemon/milter/milter-filter.js';
import { createContext } from '../fake-context.js';
import { beginMail, createFilterRig } from '../filter-rig.js';

const events = [
  'connect',
  'helo',
  'mail',
  'rcpt',
  'data',
  'header',
  'eoh',
  'body',
  'eom',
  'unknown',
];

describe('what a filter asks for', () => {
  const cases: readonly (readonly [
    what: string,
    overrides: readonly string[],
    answered: string,
  ])[] = [
    ['by default', [], 'rcpt data eom'],
    ['with everybody at DATA', ['greylist.stage=data'], 'rcpt data eom'],
    ['with everybody at RCPT', ['greylist.probe-senders.stage=rcpt'], 'rcpt eom'],
    ['where nobody may be probing', ['greylist.probe-senders.match=[]'], 'rcpt eom'],
  ];
  for (const [what, overrides, answered] of cases) {
    test(`${what}: it answers ${answered}, and watches what comes before`, (t) => {
      const { policy, dependencies } = createFilterRig(t, ...overrides);
      const handlers = new Map(Object.entries(createMilterFilter(policy, dependencies)));
      const kinds = events.map((name) => [name, typeof handlers.get(name)] as const);
      const namesOf = (kind: string): string =>
        kinds.flatMap(([name, found]) => (found === kind ? [name] : [])).join(' ');
      assert.equal(namesOf('function'), answered);
      assert.equal(namesOf('object'), 'connect helo mail');
    });
  }

  test('headers may be added, unless they never are', (t) => {
    for (const [header, actions] of [
      ['always', ['addHeaders']],
      ['delayed', ['addHeaders']],
      ['never', []],
    ] as const) {
      const { policy, dependencies } = createFilterRig(t, `greylist.header=${header}`);
      assert.deepEqual(createMilterFilter(policy, dependencies).actions, actions);
    }
  });

  test('the macros that rules and users of the access map expect', (t) => {
    const { policy, dependencies } = createFilterRig(t);
    const { macros = {} } = createMilterFilter(policy, dependencies);
    assert.ok(macros.connect?.includes('{daemon_name}'));
    assert.ok(macros.mail?.includes('{auth_authen}'));
    assert.ok(macros.rcpt?.includes('{greylist}'));
    assert.ok(macros.eoh !== undefined && macros.eom !== undefined, 'Sendmail wants both');
  });
});

test('each session has an id of its own, and ABORT or the end of it ends its message', (t) => {
  const { policy, dependencies } = createFilterRig(t);
  const filter = createMilterFilter(policy, dependencies);
  const [first, second] = [filter.open(createContext()), filter.open(createContext())];
  assert.notEqual(first.id, second.id);
  beginMail(first);
  filter.abort?.(first);
  assert.equal(first.transaction, undefined);
  beginMail(first);
  filter.close?.(first);
  assert.equal(first.transaction, undefined);
});

test('a failure and a late answer are answered from the table of failures', (t) => {
  const { policy, dependencies, logger } = createFilterRig(t);
  const filter = createMilterFilter(policy, dependencies);
  const session = filter.open(createContext());
  assert.equal(filter.failed?.(session, 'eom', new Error('oops')).kind, 'tempfail');
  assert.equal(filter.late?.(session, 'eom').kind, 'continue');
  logger.take('bug: an answer could not be found');
  logger.take('no answer within limits.answer');
});
