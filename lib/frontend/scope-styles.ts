import type {} from './panel-api.js'

/**
 * A bundle's style sheet, and the panel's elements that it is for: it is in the page while there
 * are any.
 */
interface Styles {
  readonly sheet: CSSStyleSheet
  readonly shown: Set<HTMLElement>
}

declare global {
  interface Window {
    /** By the plugin's id, for the bundle that is loaded after this one. */
    ToruPluginStyles?: Map<string, Styles>
  }
}

/**
 * Puts a plugin's style sheet around its registered view: it holds within the elements marked
 * `data-toru-plugin="<id>"` and nowhere else, from `mount` to `unmount`. A view that does not mark
 * an element of its own, as `definePluginView` does, has the panel's element marked.
 */
export const scopeStyles = (id: string, css: string): void => {
  const view = window.ToruPlugins?.[id]
  if (window.ToruPlugins === undefined || view === undefined) {
    console.error(`The bundle of the plugin "${id}" has registered no view under this id.`)
    return
  }
  window.ToruPluginStyles ??= new Map()
  const before = window.ToruPluginStyles.get(id)
  const styles: Styles = { sheet: scoped(id, css), shown: before?.shown ?? new Set() }
  window.ToruPluginStyles.set(id, styles)
  adopt(before?.sheet, styles)
  window.ToruPlugins[id] = {
    ...view,
    mount(container, api) {
      styles.shown.add(container)
      adopt(styles.sheet, styles)
      if (view.shown === undefined) container.dataset.toruPlugin = id
      view.mount(container, api)
    },
    unmount(container) {
      try {
        view.unmount(container)
      } finally {
        if (view.shown === undefined) delete container.dataset.toruPlugin
        styles.shown.delete(container)
        adopt(styles.sheet, styles)
      }
    },
  }
}

const adopt = (old: CSSStyleSheet | undefined, { sheet, shown }: Styles): void => {
  const others = document.adoptedStyleSheets.filter(each => each !== old)
  document.adoptedStyleSheets = shown.size > 0 ? [...others, sheet] : others
}

/** The browser parses, so that nothing here has to: what is changed is changed in its rules. */
const scoped = (id: string, css: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`@scope ([data-toru-plugin="${id}"]){${css}\n}`)
  // A brace too many ends the scope, and what follows it would be for the whole page.
  while (sheet.cssRules.length > 1) sheet.deleteRule(1)
  const rules = rulesIn(sheet.cssRules)
  const animations = new Map<string, string>()
  for (const rule of rules) {
    if (!(rule instanceof CSSKeyframesRule)) continue
    const name = `toru-${id}-${rule.name}`
    animations.set(rule.name, name)
    rule.name = name
  }
  for (const rule of rules) {
    if (rule instanceof CSSStyleRule)
      rule.selectorText = selectors(rule.selectorText).map(rooted).join(',')
    if ('style' in rule && rule.style instanceof CSSStyleDeclaration) rename(rule.style, animations)
  }
  return sheet
}

const rulesIn = (list: CSSRuleList): ReadonlyArray<CSSRule> =>
  [...list].flatMap(rule => [
    rule,
    ...(!(rule instanceof CSSKeyframesRule) &&
    'cssRules' in rule &&
    rule.cssRules instanceof CSSRuleList
      ? rulesIn(rule.cssRules)
      : []),
  ])

/** The selectors of a list: a comma within brackets does not end one. */
const selectors = (list: string): ReadonlyArray<string> => {
  const found = ['']
  let depth = 0
  for (const character of list) {
    if ('(['.includes(character)) depth++
    if (')]'.includes(character)) depth--
    if (character === ',' && depth === 0) found.push('')
    else found.push(`${found.pop()}${character}`)
  }
  return found
}

/** What ends in the page's root or body, with what that is narrowed by. */
const PAGE = /(^|[\s>+~])(html|body|:root)(?![\w-])([^\s>+~[(]|\[[^\]]*\]|\([^)]*\))*$/

/**
 * What is said of the page is said of the plugin's element, while the page is as it is said:
 * `html.dark` becomes `html.dark :scope`. Any other selector may look at the page, too, as in
 * `.dark .card`, and may mean the plugin's element itself: a browser would look within that alone,
 * unless `:scope` stands in it.
 */
const rooted = (selector: string): string => {
  if (/&|:scope/.test(selector)) return selector
  if (selector.trim() === ':host') return ':scope'
  return selector.replace(
    /::.*|$/,
    pseudo => `${PAGE.test(selector) ? ' :scope' : ':where(:scope,:scope *)'}${pseudo}`,
  )
}

/**
 * The names of animations hold for the whole page, so they get the plugin's id; custom properties
 * may hold an animation, too.
 */
const rename = (style: CSSStyleDeclaration, animations: ReadonlyMap<string, string>): void => {
  if (animations.size === 0) return
  for (const property of [
    'animation',
    'animation-name',
    ...[...style].filter(name => name.startsWith('--animat')),
  ]) {
    const value = style.getPropertyValue(property)
    const renamed = value.replace(/[\w-]+/g, word => animations.get(word) ?? word)
    if (renamed !== value) style.setProperty(property, renamed, style.getPropertyPriority(property))
  }
}
