import type { Socket } from 'node:net';
import type { Config } from '../../config/schema.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import type { ListenerProtocol } from './listener-set.js';
import { mayConnect } from './may-connect.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** Whether a connection may come in; one that may not is closed. */
export type Doorkeeper = (socket: Socket, protocol: ListenerProtocol) => boolean;

/** Lets in who may connect by the configuration of the moment, and tells of others. */
export function createDoorkeeper(config: () => Config, logger: Logger, clock: Clock): Doorkeeper {
  const warningOf = (text: string): RepeatedWarning => new RepeatedWarning(text, logger, clock);
  const ofMtas = warningOf('connection refused: not in listen.allow');
  const ofHttp = warningOf('connection refused: not in http.allow');
  return (socket, protocol) => {
    const { listen, http } = config();
    const isHttp = protocol === 'http';
    if (mayConnect(socket, isHttp ? http.allow : listen.allow)) return true;
    (isHttp ? ofHttp : ofMtas).warn({ peer: socket.remoteAddress });
    socket.destroy();
    return false;
  };
}
