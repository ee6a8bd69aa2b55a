import { addressCondition } from './address-condition.js';
/** Who the envelope sender is. */
export const senderCondition = addressCondition({
    name: 'sender',
    listKind: 'senders',
    side: 'sender',
    stage: 'mail',
    about: {
        meaning: "The envelope sender: as it is, or in the spelling that the triplets have; under `raw` only as the client wrote it. Senders are easily forged: an exception by sender alone lets through whoever knows it. `'<>'` is the null sender.",
        example: "sender: ['@example.org', '@.example.org', 'billing@example.net', list:partners]",
    },
});
//# sourceMappingURL=sender.js.map