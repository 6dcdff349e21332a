/**
 * An element with its properties and what is in it. Text goes in as text: nothing that a service
 * calls itself becomes markup.
 */
export const h = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: ReadonlyArray<Node | string>
): HTMLElementTagNameMap[K] => {
  const element = Object.assign(document.createElement(tag), properties)
  element.append(...children)
  return element
}

/** A button that does something when it is pressed. */
export const button = (
  label: string,
  onclick: () => void,
  properties: Partial<HTMLButtonElement> = {},
): HTMLButtonElement => h('button', { type: 'button', textContent: label, onclick, ...properties })

/** What somebody should read of anything that was thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
