import { clientNameCondition } from './client-name.js';
import { clientCondition } from './client.js';
import { heloCondition } from './helo.js';
import { loginCondition } from './login.js';
import { macroCondition } from './macro.js';
import { recipientCondition } from './recipient.js';
import { recipientsCondition } from './recipients.js';
import { senderCondition } from './sender.js';
import { timeCondition } from './time.js';
import { tlsCondition } from './tls.js';

/**
 * All kinds of conditions by their keys, in the order of the reference. Those of stage `eom` are for
 * rules after the message.
 */
export const conditionKinds = {
  client: clientCondition,
  'client-name': clientNameCondition,
  helo: heloCondition,
  sender: senderCondition,
  recipient: recipientCondition,
  login: loginCondition,
  tls: tlsCondition,
  macro: macroCondition,
  time: timeCondition,
  recipients: recipientsCondition,
} as const;
