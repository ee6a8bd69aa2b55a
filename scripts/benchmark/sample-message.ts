import type { MessageContent } from '../../src/protocols/milter/index.js';

const line = 'A line of a message is about as long as a line of any text that people write.\r\n';

/** A message such as there are many of: a dozen fields, and a body of four kilobytes. */
export const sampleMessage: MessageContent = {
  headers: [
    ['Received', ' from mail.client.example (mail.client.example [192.0.2.7])\r\n\tby mx.example'],
    ['Received', ' from desk.client.example (unknown [10.0.0.7])\r\n\tby mail.client.example'],
    ['DKIM-Signature', ` v=1; a=rsa-sha256; d=client.example; s=s1;\r\n\tb=${'Zm9v'.repeat(60)}`],
    ['From', ' Ann Example <ann@client.example>'],
    ['To', ' Joe Example <joe@local.example>'],
    ['Subject', ' The minutes of the meeting'],
    ['Date', ' Mon, 1 Jan 2024 10:00:00 +0000'],
    ['Message-ID', ' <20240101100000.1234@client.example>'],
    ['MIME-Version', ' 1.0'],
    ['Content-Type', ' text/plain; charset=utf-8'],
    ['Content-Transfer-Encoding', ' 8bit'],
    ['User-Agent', ' Example/1.0'],
  ],
  body: line.repeat(52),
};
