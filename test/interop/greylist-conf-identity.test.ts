import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClientCertificate } from '../support/mta/certificate.js';
import { testLogin } from '../support/mta/instance.js';
import { writeMmdb } from '../support/mmdb-writer.js';
import type { SmtpClient } from '../support/smtp-client.js';
import { describeSites, type SharedSite } from './describe-sites.js';

const sender = 'sender@client.example';

/** Has the filter read this file of milter-greylist's from now on. */
async function useFile({ site }: SharedSite, text: string): Promise<void> {
  await site.daemon.reload({ file: 'greylist.conf', text: `nospf\n${text}` });
}

/** The code of a recipient; who is in the list of the file is told to go away. */
async function offer({ mailbox }: SharedSite, smtp: SmtpClient): Promise<number | undefined> {
  const { recipients } = await smtp.offer({ sender, recipients: [mailbox()] });
  await smtp.quit();
  return recipients[0]?.code;
}

/** A file with one list; `noauth`, since who has logged in passes otherwise, and so does a certificate. */
function fileOf(type: string, items: string): string {
  return `noauth\nlist "l" ${type} { ${items} }\nracl blacklist list "l"\nracl greylist default\n`;
}

describeSites(
  {
    tls: true,
    postfix: {
      extraMainCf: {
        smtpd_tls_ask_ccert: 'yes',
        smtpd_tls_CAfile: '$config_directory/certificate.pem',
      },
    },
    // The usual one of these tests is V: not to ask clients for certificates.
    sendmail: { extraMc: ["define(`confTLS_SRV_OPTIONS', `')dnl"] },
  },
  (shared) => {
    test('a list of logins has whom it names, by text and by pattern', async () => {
      const { user, realm, password } = testLogin;
      for (const [items, expected] of [
        // With the realm in Postfix, without it in Sendmail.
        [`"${user}" "${user}@${realm}"`, [551, 451]],
        [`"somebody" /^${user.slice(0, 3)}/`, [551, 451]],
        [`"${user.toUpperCase()}" "somebody"`, [451, 451]],
      ] as const) {
        await useFile(shared, fileOf('auth', items));
        const member = await shared.site.connect();
        assert.equal((await member.authPlain(user, password)).code, 235);
        const codes = [
          await offer(shared, member),
          await offer(shared, await shared.site.connect()),
        ];
        assert.deepEqual(codes, expected, items);
      }
    });

    test('a list of certificates has whom the MTA has verified, and nobody who only says so', async () => {
      const isPostfix = shared.kind === 'postfix';
      const subject = isPostfix ? 'partner.example' : '/O=Clients/CN=partner.example';
      const etc = join(shared.site.mta.directory, 'etc');
      for (const items of [`"nobody" "${subject}"`, '/PARTNER\\.example$/']) {
        await useFile(shared, fileOf('tls', items));
        for (const [signer, expected] of [
          ['mta', 551],
          ['itself', 451],
        ] as const) {
          const files = await createClientCertificate(etc, 'partner.example', signer);
          const smtp = await shared.site.connect();
          await smtp.startTls({
            cert: readFileSync(files.certificate, 'utf8'),
            key: readFileSync(files.key, 'utf8'),
          });
          await smtp.ehlo();
          assert.equal(await offer(shared, smtp), expected, `${items} ${signer}`);
        }
        assert.equal(await offer(shared, await shared.site.connect()), 451, 'in the clear');
      }
    });

    test('a list of countries has whom a database of MaxMind puts there', async () => {
      const { site } = shared;
      const file = join(site.daemon.directory, 'test.mmdb');
      const home = { country: { iso_code: 'AT' } };
      writeFileSync(file, writeMmdb({ [`${site.addressOf('first')}/32`]: home }));
      for (const [items, expected] of [
        ['"FR" "AT"', [551, 451]],
        // Who is nowhere.
        ['"ZZ"', [451, 551]],
        ['"FR" "at"', [451, 451]],
      ] as const) {
        await useFile(shared, `geoip2db "${file}"\n${fileOf('geoip', items)}`);
        const codes = [
          await offer(shared, await site.connect('first')),
          await offer(shared, await site.connect('second')),
        ];
        assert.deepEqual(codes, expected, items);
      }
    });
  },
);
