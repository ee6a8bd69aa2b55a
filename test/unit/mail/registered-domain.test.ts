import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { registeredDomain } from '../../../src/mail/registered-domain.js';

describe('the registered domain', () => {
  const rows: readonly (readonly [name: string, domain: string | undefined])[] = [
    ['example.com', 'example.com'],
    ['mx.out.example.com', 'example.com'],
    ['mx.example.co.uk', 'example.co.uk'],
    ['mx_1.example.com', 'example.com'],
    ['example.test', 'example.test'],
    ['com', undefined],
    ['co.uk', undefined],
    ['', undefined],
    // Clouds in which anybody gets a name, by the public suffix list and beyond it.
    ['eu-west-1.compute.amazonaws.com', undefined],
    ['vm.eastus.cloudapp.azure.com', undefined],
    ['eastus.cloudapp.azure.com', undefined],
    ['cloudapp.azure.com', undefined],
    ['premium12.web-hosting.com', undefined],
    ['members.linode.com', undefined],
    ['bc.googleusercontent.com', undefined],
    ['mail.azure.com', 'azure.com'],
    ['notcloudapp.azure.com', 'azure.com'],
  ];
  for (const [name, domain] of rows) {
    test(`of "${name}" is ${domain ?? 'nobody in particular'}`, () => {
      assert.equal(registeredDomain(name), domain);
    });
  }
});
