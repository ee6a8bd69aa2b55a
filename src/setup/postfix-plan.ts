import type { SocketAddress } from '../config/socket-address.js';
import { chooseAddress, isOneOf, type PostfixAddress } from './postfix-address.js';
import { listItems, withRestriction, withoutMilter, withoutPolicy } from './postfix-list.js';
import { isAtLeast, type PostfixSettings } from './postfix-settings.js';

/** What main.cf is to say. */
export interface PostfixPlan {
  /** All of it, also what it says already. */
  readonly lines: ReadonlyMap<string, string>;
  /** Those that it does not say yet. */
  readonly changes: ReadonlyMap<string, string>;
  readonly listener: PostfixAddress;
  /** What whoever reads it has to know. */
  readonly notes: readonly string[];
}

/**
 * The filter as a milter: before all others, so that they need not look at mail that is put off.
 *
 * @throws SetupError SETUP_UNREACHABLE
 */
export function planMilter(
  listeners: readonly SocketAddress[],
  settings: PostfixSettings,
): PostfixPlan {
  const listener = chooseAddress(listeners, settings, 'listen.milter');
  const others = withoutMilter(valueOf(settings, 'smtpd_milters'), isOneOf(listeners, settings));
  const knowsActions = isAtLeast(settings.version, 3, 0);
  const own = knowsActions ? `{ ${listener.text}, default_action=accept }` : listener.text;
  const lines = new Map([['smtpd_milters', others === '' ? own : `${own}, ${others}`]]);
  const notes = settings.ownMilters.map(
    (service) => `${service} in master.cf has an smtpd_milters of its own, which stays as it is`,
  );
  if (!knowsActions) {
    lines.set('milter_default_action', 'accept');
    notes.push(
      `Postfix ${settings.version} has one milter_default_action for all milters: it becomes accept`,
    );
  }
  return asPlan(lines, settings, { listener, notes });
}

const usualRecipientChecks =
  'permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination';
const usualDataChecks = 'permit_mynetworks, permit_sasl_authenticated';

/**
 * The filter as a policy service: behind all that refuses for good, and before what lets everything
 * pass; and at DATA, where senders are answered that may only ask whether an address exists.
 *
 * @throws SetupError SETUP_UNREACHABLE
 */
export function planPolicy(
  listeners: readonly SocketAddress[],
  settings: PostfixSettings,
): PostfixPlan {
  const listener = chooseAddress(listeners, settings, 'listen.policy');
  const isOurs = isOneOf(listeners, settings);
  const knowsContext = isAtLeast(settings.version, 3, 1);
  const [name, ...options] = isAtLeast(settings.version, 3, 0)
    ? [
        '{',
        'timeout=10s',
        'default_action=DUNNO',
        ...(knowsContext ? ['policy_context=also-at-data'] : []),
      ]
    : [''];
  const address = [listener.text, ...options].join(', ');
  const check = `check_policy_service ${name === '{' ? `{ ${address} }` : address}`;
  const others = (list: string, usual: string): string => {
    const rest = withoutPolicy(valueOf(settings, list), isOurs);
    return rest.trim() === '' ? usual : rest;
  };
  const checks = withUnlisted(
    others('smtpd_recipient_restrictions', usualRecipientChecks),
    settings,
  );
  const lines = new Map([['smtpd_recipient_restrictions', withRestriction(checks, check)]]);
  const notes = knowsContext
    ? []
    : [
        'senders that may only ask whether an address exists are not greylisted: Postfix is too old',
      ];
  if (knowsContext) {
    const atData = others('smtpd_data_restrictions', usualDataChecks);
    lines.set('smtpd_data_restrictions', withRestriction(atData, check));
  }
  return asPlan(lines, settings, { listener, notes });
}

/** main.cf without the filter, however it came to be there. */
export function planRemoval(
  listeners: readonly SocketAddress[],
  settings: PostfixSettings,
): ReadonlyMap<string, string | undefined> {
  const isOurs = isOneOf(listeners, settings);
  const without = new Map<string, string | undefined>();
  for (const [name, remove] of [
    ['smtpd_milters', withoutMilter],
    ['smtpd_recipient_restrictions', withoutPolicy],
    ['smtpd_data_restrictions', withoutPolicy],
  ] as const) {
    const now = settings.written.get(name);
    const then = remove(now ?? '', isOurs);
    if (now !== undefined && then !== now) without.set(name, then === '' ? undefined : then);
  }
  return without;
}

/** Nobody who does not exist is worth a record; Postfix itself would ask only after us. */
function withUnlisted(list: string, settings: PostfixSettings): string {
  const isThere = listItems(list).some(({ text }) => text === 'reject_unlisted_recipient');
  const isUnwanted = valueOf(settings, 'smtpd_reject_unlisted_recipient') === 'no';
  return isThere || isUnwanted ? list : withRestriction(list, 'reject_unlisted_recipient');
}

function valueOf({ values }: PostfixSettings, name: string): string {
  return values.get(name) ?? '';
}

function asPlan(
  lines: ReadonlyMap<string, string>,
  settings: PostfixSettings,
  rest: Pick<PostfixPlan, 'listener' | 'notes'>,
): PostfixPlan {
  const changes = [...lines].filter(([name, value]) => valueOf(settings, name) !== value);
  return { lines, changes: new Map(changes), ...rest };
}
