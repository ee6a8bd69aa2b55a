import { allCondition } from './all.js';
import { bodyCondition } from './body.js';
import { clientNameCondition } from './client-name.js';
import { clientCondition } from './client.js';
import { dnsblCondition } from './dnsbl.js';
import { dkimCondition } from './dkim.js';
import { geoCondition } from './geo.js';
import { headerCondition } from './header.js';
import { heloCondition } from './helo.js';
import { ldapCondition } from './ldap.js';
import { loginCondition } from './login.js';
import { macroCondition } from './macro.js';
import { rateCondition } from './rate.js';
import { logTextCondition } from './log-text.js';
import { propertyCondition } from './property.js';
import { recipientCondition } from './recipient.js';
import { recipientsCondition } from './recipients.js';
import { senderAuthenticatedCondition } from './sender-authenticated.js';
import { senderMxCondition } from './sender-mx.js';
import { senderCondition } from './sender.js';
import { setCondition } from './set.js';
import { sizeCondition } from './size.js';
import { spfCondition } from './spf.js';
import { tarpitCondition } from './tarpit.js';
import { timeCondition } from './time.js';
import { tlsCondition } from './tls.js';
import { urlCondition } from './url.js';
/** Those that stand for themselves. */
const singleConditions = {
    client: clientCondition,
    'client-name': clientNameCondition,
    helo: heloCondition,
    sender: senderCondition,
    'sender-authenticated': senderAuthenticatedCondition,
    recipient: recipientCondition,
    login: loginCondition,
    tls: tlsCondition,
    macro: macroCondition,
    time: timeCondition,
    recipients: recipientsCondition,
    dnsbl: dnsblCondition,
    spf: spfCondition,
    'sender-mx': senderMxCondition,
    geo: geoCondition,
    rate: rateCondition,
    tarpit: tarpitCondition,
    url: urlCondition,
    ldap: ldapCondition,
    header: headerCondition,
    body: bodyCondition,
    size: sizeCondition,
    dkim: dkimCondition,
    property: propertyCondition,
    set: setCondition,
    'log-text': logTextCondition,
};
/**
 * All kinds of conditions by their keys, in the order of the reference. Those of stage `eom` are for
 * rules after the message.
 */
export const conditionKinds = { ...singleConditions, all: allCondition(singleConditions) };
//# sourceMappingURL=index.js.map