import type { RecordKind } from './record-kinds.js';
/** Mail that our own users have sent, whose answers do not wait. */
export declare const replyKind: RecordKind;
