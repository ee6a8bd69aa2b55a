/// <reference types="node" preserve="true" />
/**
 * Postfix's policy delegation protocol, both ends. Depends on Node.js alone and knows nothing of what
 * a service is for.
 */
export { actions, type PolicyAction } from './actions.js';
export { PolicyProtocolError, type PolicyErrorCode } from './errors.js';
export { defaultLimits, type PolicyLimits } from './limits.js';
export type { PolicyRequest } from './policy-request.js';
export {
  PolicyServer,
  type PolicyClock,
  type PolicyServerObserver,
  type PolicyServerOptions,
} from './server.js';
export type { PolicyService } from './service.js';
export { decodeXtext, encodeXtext } from './text.js';
export { encodeRequest, type Attributes } from './mta/encode-request.js';
export { PolicyClient, type PolicyAddress, type PolicyClientOptions } from './mta/policy-client.js';
