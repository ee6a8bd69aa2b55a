import { addressCondition } from './address-condition.js';
/** Who the recipient is. */
export const recipientCondition = addressCondition({
    name: 'recipient',
    listKind: 'recipients',
    side: 'recipient',
    stage: 'rcpt',
    about: {
        meaning: 'The recipient: as it is, or in the spelling that the triplets have; under `raw` only as the client wrote it. In `message-rules` any of those who get the message.',
        example: "recipient: ['postmaster@', 'abuse@', '@example.org']",
    },
});
//# sourceMappingURL=recipient.js.map