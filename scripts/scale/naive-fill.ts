import { once } from 'node:events';
import { connect } from 'node:net';
import { naiveFilling } from './filling.js';

const BATCH = 1000;
const OK_BYTES = '+OK\r\n'.length;
const DAYS_MS = 36 * 86_400_000;

/** Stores triplets as texts, by plain SETs. */
export async function fillNaively(port: number, count: number, now: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  let answered = 0;
  let wake = (): void => undefined;
  socket.on('data', (bytes) => {
    answered += bytes.length;
    wake();
  });
  await once(socket, 'connect');
  for (let first = 0; first < count; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - first) }, (_, at) => first + at);
    socket.write(numbers.map((number) => setCommand(number, now)).join(''));
    while (answered < (first + numbers.length) * OK_BYTES)
      await new Promise<void>((resolve) => (wake = resolve));
  }
  socket.destroy();
}

function setCommand(number: number, now: number): string {
  const { key, value } = naiveFilling(number, now);
  const words = ['SET', key, value, 'PX', String(DAYS_MS)];
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
