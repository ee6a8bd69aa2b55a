import { button, byId, element, type Child } from './dom.js';

/** Shows something before all else; Escape and the button close it. */
export function openDialog(
  title: string,
  content: readonly Child[],
  actions: readonly HTMLElement[] = [],
): void {
  const dialog = byId('dialog', HTMLDialogElement);
  dialog.replaceChildren(
    element('h2', { attributes: { id: 'dialog-title' } }, title),
    ...content,
    element(
      'div',
      { class: 'actions' },
      ...actions,
      button('Close', () => dialog.close()),
    ),
  );
  if (!dialog.open) dialog.showModal();
}

/** Closes what {@link openDialog} has opened. */
export function closeDialog(): void {
  byId('dialog', HTMLDialogElement).close();
}
