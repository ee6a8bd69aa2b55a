/**
 * What differs from the defaults when there is no configuration file, so that anybody can try the
 * filter out without being root: a loopback port alone, and a store in the working directory.
 *
 * The schema holds the defaults of a configuration file, which suit a system service.
 */
export const TRIAL_DEFAULTS = {
  listen: { milter: ['inet:10033@127.0.0.1'] },
  store: { url: 'level:./var/db' },
} as const;
