import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { skipWithoutNamespaces, TestNetwork } from '../../support/test-network.js';

const listen = `
  const server = require('node:net').createServer((socket) => socket.end('hello'));
  server.listen(2525, '203.0.113.9', () => console.log('listening'));
`;

const ask = (patienceMs: number): string => `
  const socket = require('node:net').connect({ host: '203.0.113.9', port: 2525, timeout: ${patienceMs} });
  socket.on('data', (text) => console.log(String(text)));
  socket.on('error', ({ code }) => console.log(code));
  socket.on('timeout', () => { console.log('nothing'); socket.destroy(); });
`;

describe('a network of the tests', { skip: skipWithoutNamespaces() }, () => {
  test('its machines reach each other, but not one whose cable is pulled', async (t) => {
    const network = await TestNetwork.start(t);
    const [one, other] = [
      await network.addHost('203.0.113.7'),
      await network.addHost('203.0.113.9'),
    ];
    const [program = '', ...first] = other.enter;
    const server = spawn(program, [...first, process.execPath, '-e', listen]);
    t.after(() => server.kill());
    await new Promise((resolve) => server.stdout.once('data', resolve));
    const answer = (patienceMs = 30_000): Promise<string> =>
      one.run(process.execPath, '-e', ask(patienceMs));
    assert.equal(await answer(), 'hello\n');
    await other.cut();
    assert.match(await answer(500), /^(nothing|EHOSTUNREACH)\n$/);
    await other.join();
    assert.equal(await answer(), 'hello\n');
  });
});
