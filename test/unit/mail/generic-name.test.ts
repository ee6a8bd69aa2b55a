import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isGenericName } from '../../../src/mail/generic-name.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';

const GENERATED: readonly (readonly [name: string, address?: string])[] = [
  ['192-0-2-17.isp.example'],
  ['host-192-0-2-17.isp.example'],
  ['17.2.0.192.pool.isp.example'],
  ['ip192x0x2x17.isp.example'],
  ['192.0.2.17.bc.isp.example'],
  ['ec2-203-0-113-7.compute-1.cloud.example'],
  ['192000002017.isp.example'],
  ['c0000211.isp.example'],
  ['pc0000211.dip0.isp.example'],
  ['dyn-17.isp.example'],
  ['p17.dynamic.isp.example'],
  ['h17.dhcp.campus.example.ac.uk'],
  ['ppp17.isp.example'],
  ['adsl-17.isp.example'],
  ['17.cable.isp.example'],
  ['static17.isp.example'],
  ['customer.isp.example'],
  ['user17.isp.example'],
  ['a.cpe.isp.example'],
  ['broadband.isp.example'],
  ['pool-17.north.isp.example'],
  ['2001-db8-0-1-211-22ff-fe33-4455.isp.example'],
  ['2001-db8--17ab.isp.example'],
  ['20010db80000000100000000000000ab.isp.example'],
  ['5.5.4.4.3.3.e.f.f.f.2.2.1.1.2.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.isp.example'],
  ['h-2-17.isp.example', '192.0.2.17'],
  ['h-17-2.isp.example', '192.0.2.17'],
  ['n0-2-17.isp.example', '192.0.2.17'],
  ['mail-17-2-0.isp.example', '192.0.2.17'],
  ['n192-0-2.isp.example', '192.0.2.17'],
  ['xc0000211y.isp.example', '192.0.2.17'],
  ['h021122fffe334455.isp.example', '2001:db8::211:22ff:fe33:4455'],
];

const GIVEN: readonly (readonly [name: string, address?: string])[] = [
  ['mail.example.org'],
  ['mx1.example.org'],
  ['example.org'],
  ['localhost'],
  ['a27-12.smtp-out.us-west-2.mailer.example', '192.0.27.12'],
  ['mail-wr1-f41.provider.example', '192.0.2.41'],
  ['mail-am6eur05on2042.outbound.protection.provider.example', '192.0.2.42'],
  ['o1.ptr1234.newsletter.example', '192.0.2.17'],
  ['mout-p-101.mailbox.example'],
  ['mx-out-03.static.hoster.example'],
  ['smtp.customer.isp.example'],
  ['mta-12.pool.provider.example'],
  ['web17.hoster.example', '192.0.2.17'],
  ['srv-2025-01.example.org'],
  ['backup20250101.example.org'],
  ['facade.example.org'],
  ['deadbeef.example.org'],
  ['server1-300-2-17.example.org', '203.0.113.1'],
  ['dslreports.example.org'],
  ['dynamics.example.org'],
  ['host.dsl.example', '192.0.2.17'],
  ['mail.example.org', '192.0.2.17'],
  ['mail.example.org', '2001:db8::17'],
  ['mail.example.org', '2001:db8::'],
  ['n0000000000000000.isp.example', '2001:db8::'],
];

describe('a name that looks generated', () => {
  for (const [name, address] of GENERATED)
    test(`${name}${address === undefined ? '' : ` of ${address}`}`, () => {
      assert.equal(isGenericName(name, parseIpAddress(address ?? '')), true);
    });
});

describe('a name that somebody has given', () => {
  for (const [name, address] of GIVEN)
    test(`${name}${address === undefined ? '' : ` of ${address}`}`, () => {
      assert.equal(isGenericName(name, parseIpAddress(address ?? '')), false);
    });
});
