/** What may have stood for each `#`: numbers of several lengths. */
const SAMPLES = ['7', '123456', '20301231235959'] as const;

/**
 * The form in our keys of a sender that Postgrey has normalised: each run of digits became `#` there.
 * If our own form does not depend on the digits either, it is that; undefined if it does, so that
 * nobody can tell which senders are meant.
 */
export function ownFormOfPostgreySender(
  sender: string,
  form: (sender: string) => string,
): string | undefined {
  if (!sender.includes('#')) return form(sender);
  const forms = new Set(SAMPLES.map((digits) => form(sender.replaceAll('#', digits))));
  const [only] = forms;
  return forms.size === 1 ? only : undefined;
}
