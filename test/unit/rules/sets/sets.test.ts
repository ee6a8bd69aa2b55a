import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { DomainTable } from '../../../../src/rules/sets/domain-table.js';
import { joinSets } from '../../../../src/rules/sets/entry-set.js';
import { MailboxTable } from '../../../../src/rules/sets/mailbox-table.js';
import { listKinds } from '../../../../src/rules/sets/list-kinds.js';
import type { ListKind, ListSets } from '../../../../src/rules/sets/list-kinds.js';
import { finish } from '../../../../src/rules/steps.js';

/** A set of entries that are each at the place of their own text. */
function createSet<Kind extends ListKind>(kind: Kind, texts: readonly string[]): ListSets[Kind] {
  return finish(
    listKinds[kind].create(
      texts.map((text, index) => {
        const parsed = listKinds[kind].parse(text);
        assert.ok('ok' in parsed, text);
        return { value: parsed.ok, place: `${index + 1}` };
      }),
    ),
  );
}

describe('a set of host names', () => {
  const set = createSet('names', [
    'mx.example.org',
    '.example.org',
    '.mail.example.org',
    'mx.example.org',
    '.example.org',
    '/^gw\\d+\\./',
    '/^gw\\.example\\.net$/',
    '/\\.net$/',
    '/^gw\\.example\\.net$/',
  ]);

  for (const [name, place] of [
    ['mx.example.org', '1'],
    ['MX.Example.org', '1'],
    ['a.example.org', '2'],
    ['a.b.example.org', '2'],
    ['a.mail.example.org', '3'],
    ['mail.example.org', '2'],
    ['example.org', undefined],
    ['badexample.org', undefined],
    ['example.org.evil', undefined],
    ['gw12.example.com', '6'],
    ['gw.example.net', '7'],
    ['gw.example.net.net', '8'],
    ['.example.org', undefined],
    ['', undefined],
  ] as const)
    test(`finds for ${name} ${place ?? 'nothing'}`, () => {
      assert.equal(set.find(name)?.place, place);
    });

  test('counts its entries', () => assert.equal(set.size, 9));
});

describe('a table of domains', () => {
  test('looks no further up a long name than its deepest domain has labels', () => {
    const table = new DomainTable<number>();
    table.add('example.org', 1);
    table.add('example.org', 2);
    let looks = 0;
    const name = `${'a.'.repeat(100)}example.org`;
    const counted = Object.assign(Object(name) as string, {
      slice: (start: number) => {
        looks++;
        return name.slice(start);
      },
    });
    assert.equal(table.findAbove(counted), 1);
    assert.equal(looks, 2);
  });
});

describe('a set of clients', () => {
  const set = createSet('clients', ['192.0.2.0/24', 'mx.example.org', '.example.net']);
  const find = (address: string | undefined, clientName: string | undefined) =>
    set.find({ clientAddress: parseIpAddress(address ?? ''), clientName })?.place;

  test('finds addresses before names', () => {
    assert.equal(find('192.0.2.1', 'mx.example.org'), '1');
    assert.equal(find('198.51.100.1', 'mx.example.org'), '2');
    assert.equal(find(undefined, 'a.example.net'), '3');
    assert.equal(find('198.51.100.1', undefined), undefined);
    assert.equal(find(undefined, undefined), undefined);
  });
});

describe('a set of addresses', () => {
  const set = createSet('senders', [
    'joe@example.org',
    '@example.org',
    '@.example.org',
    'abuse@',
    '<>',
    '/^list-\\d+@/',
    'joe@example.org',
    '@.example.org',
  ]);

  for (const [localPart, domain, place] of [
    ['joe', 'example.org', '1'],
    ['JOE', 'example.org', '1'],
    ['jane', 'example.org', '2'],
    ['abuse', 'example.org', '2'],
    ['jane', 'a.example.org', '3'],
    ['abuse', 'example.net', '4'],
    ['abuse', '', '4'],
    ['', '', '5'],
    ['list-12', 'example.net', '6'],
    ['jane', 'example.net', undefined],
    ['jane', '', undefined],
    ['', 'example.net', undefined],
    ['<', '>', undefined],
  ] as const)
    test(`finds for ${localPart}@${domain} ${place ?? 'nothing'}`, () => {
      assert.equal(set.find({ localPart, domain })?.place, place);
    });

  test('finds the null sender by a pattern of nothing', () => {
    const other = createSet('senders', ['/^$/', '@example.org']);
    assert.equal(other.find({ localPart: '', domain: '' })?.place, '1');
  });
});

describe('a set of values', () => {
  const set = createSet('values', ['MX', '/^in-/', '/^Out$/', '/^in$/i', 'MX', '/^in$/i']);

  for (const [value, place] of [
    ['MX', '1'],
    ['mx', undefined],
    ['in-1', '2'],
    ['Out', '3'],
    ['out', undefined],
    ['IN', '4'],
  ] as const)
    test(`finds for ${value} ${place ?? 'nothing'}`, () =>
      assert.equal(set.find(value)?.place, place));
});

describe('sets that are joined', () => {
  const [a, b] = [createSet('values', ['x', 'y']), createSet('values', ['y', 'z'])];

  test('are asked one after the other', () => {
    const both = joinSets([a, b]);
    assert.equal(both.size, 4);
    assert.equal(both.find('y'), a.find('y'));
    assert.equal(both.find('z'), b.find('z'));
    assert.equal(both.find('q'), undefined);
  });

  test('are what one of them is, if there is only one', () => assert.equal(joinSets([a]), a));

  test('find nothing if there is none', () => {
    assert.equal(joinSets<string, unknown>([]).find('x'), undefined);
  });
});

describe('entries that only lists of Postgrey have', () => {
  const place = (found: { readonly place: string } | undefined) => found?.place;

  test('are a name with all below it, of which the first counts', () => {
    const set = finish(
      listKinds.names.create([
        { value: { kind: 'within', text: 'example.org', domain: 'example.org' }, place: '1' },
        { value: { kind: 'within', text: 'example.org', domain: 'example.org' }, place: '2' },
      ]),
    );
    assert.equal(place(set.find('example.org')), '1');
    assert.equal(place(set.find('a.example.org')), '1');
    assert.equal(place(set.find('badexample.org')), undefined);
  });

  test('are clients without a name, of which the first counts', () => {
    const set = finish(
      listKinds.clients.create([
        { value: { kind: 'nameless', text: 'unknown' }, place: '1' },
        { value: { kind: 'nameless', text: '/./' }, place: '2' },
      ]),
    );
    const clientAddress = parseIpAddress('192.0.2.1');
    assert.equal(place(set.find({ clientAddress, clientName: undefined })), '1');
    assert.equal(place(set.find({ clientAddress, clientName: 'mx.example.org' })), undefined);
  });

  test('are mailboxes, of which the first counts, and one at a domain before one at any', () => {
    const mailbox = (localPart: string, domain: string) =>
      ({ kind: 'mailbox', text: `${localPart}@${domain}`, localPart, domain }) as const;
    const set = finish(
      listKinds.recipients.create([
        { value: mailbox('joe', ''), place: '1' },
        { value: mailbox('joe', 'example.org'), place: '2' },
        { value: mailbox('joe', 'example.org'), place: '3' },
      ]),
    );
    const find = (localPart: string, domain: string) => place(set.find({ localPart, domain }));
    assert.equal(find('joe+news', 'example.org'), '2');
    assert.equal(find('Joe', 'example.net'), '1');
    assert.equal(find('joe', ''), '1');
    assert.equal(find('+joe', 'example.org'), undefined);
    assert.equal(find('joel', 'example.org'), undefined);
  });
});

describe('a table of mailboxes', () => {
  test('looks for no more of an address than its own mailboxes have', () => {
    const table = new MailboxTable<number>();
    table.add('a+b', 'example.org', 1);
    let looks = 0;
    const localPart = 'x+'.repeat(1000);
    const counted = Object.assign(Object(localPart) as string, {
      slice: (start: number, end: number) => {
        looks++;
        return localPart.slice(start, end);
      },
    });
    assert.equal(table.find(counted, 'example.org'), undefined);
    assert.equal(looks, 2);
  });
});
