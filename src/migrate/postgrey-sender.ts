/** What may have stood for each `#`: numbers of several lengths. */
const SAMPLES = ['7', '123456', '20301231235959'] as const;

/** The form in our keys of a sender that Postgrey has normalised. */
export interface OwnSenderForm {
  readonly form: string;
  /** Whether all senders that may be meant have that form. */
  readonly isCertain: boolean;
}

/**
 * Each run of digits became `#` there. In our own forms `#` stands for what is taken out of senders,
 * so the form of what is left is right for all numbers that we take out as well; that it is for all
 * numbers is tried.
 */
export function ownFormOfPostgreySender(
  sender: string,
  senderForm: (sender: string) => string,
): OwnSenderForm {
  const form = senderForm(sender);
  const isCertain =
    !sender.includes('#') ||
    SAMPLES.every((digits) => senderForm(sender.replaceAll('#', digits)) === form);
  return { form, isCertain };
}
