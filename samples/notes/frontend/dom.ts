/**
 * Creates an element with properties and children. Strings become text nodes, so that a note cannot
 * become markup.
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

/** Creates a control with its label. */
export const field = (label: string, control: HTMLElement): HTMLLabelElement =>
  h('label', {}, h('span', { textContent: label }), control)
