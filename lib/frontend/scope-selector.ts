/**
 * What a selector holds as text: an escape, a string, a character outside ASCII. No bracket, comma
 * or colon in it is one of the selector's own.
 */
const TEXT = /\\(?:[\da-f]{1,6}\s?|.)|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\0-\x7f]/gis

/** A selector with its text blotted out. Positions stay as they are. */
const withoutText = (selector: string): string =>
  selector.replace(TEXT, text => 'x'.repeat(text.length))

/** What {@link withoutText} leaves, with everything in brackets blotted out as well. */
const withoutBrackets = (selector: string): string => {
  const flat = selector.replace(/[([][^()[\]]*[)\]]/g, text => '.'.repeat(text.length))
  return flat === selector ? flat : withoutBrackets(flat)
}

/** A last compound selector that names the page's root or body. */
const PAGE = /(?:^|[\s>+~])(?:html|body|:root)(?![\w-])[^\s>+~]*$/

/**
 * A list of selectors, as the browser serializes it, for a rule within `@scope`.
 *
 * What is said of the page is said of the plugin's element, while the page is as it is said:
 * `html.dark` becomes `html.dark :scope`. Any other selector may look at the page, too, as in
 * `.dark .card`, and may mean the plugin's element itself: a browser would look within that alone,
 * unless `:scope` stands in it.
 */
export const scopedSelector = (list: string): string => {
  const flat = withoutBrackets(withoutText(list))
  const commas = [...flat.matchAll(/,/g)].map(({ index }) => index)
  return [-1, ...commas]
    .map((comma, index) => scopedOne(list.slice(comma + 1, commas[index]).trim()))
    .join(', ')
}

const scopedOne = (selector: string): string => {
  const plain = withoutText(selector)
  if (/&|:scope/.test(plain)) return selector
  if (selector === ':host') return ':scope'
  const flat = withoutBrackets(plain)
  const end = flat.includes('::') ? flat.indexOf('::') : flat.length
  const scope = PAGE.test(flat.slice(0, end)) ? ' :scope' : ':where(:scope,:scope *)'
  return selector.slice(0, end) + scope + selector.slice(end)
}
