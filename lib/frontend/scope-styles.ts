import { withAnimationNames } from './animation-names.js'
import type {} from './panel-api.js'
import { scopedSelector } from './scope-selector.js'

/**
 * A bundle's style sheet, and the panel's elements in which the view is mounted. The sheet is in
 * the page while there are any.
 */
interface Styles {
  readonly sheet: CSSStyleSheet
  readonly shown: Set<HTMLElement>
}

declare global {
  interface Window {
    /** By the plugin's id. The next bundle of the plugin finds its predecessor's sheet here. */
    ToruPluginStyles?: Map<string, Styles>
  }
}

/**
 * Wraps a plugin's registered view, so that its style sheet applies from `mount` to `unmount`, and
 * only in elements with `data-toru-plugin="<id>"`. `definePluginView` marks an element of its own;
 * for any other view the panel's element is marked.
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

/**
 * The browser parses the sheet, and its rules are changed afterwards. Rules in the plugin's own
 * `@scope` are scoped already.
 */
const scoped = (id: string, css: string): CSSStyleSheet => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`@scope ([data-toru-plugin="${id}"]){${css}\n}`)
  // A surplus brace ends the scope, and rules after it would apply to the whole page.
  while (sheet.cssRules.length > 1) sheet.deleteRule(1)
  const animations = new Map<string, string>()
  for (const rule of rulesIn(sheet)) {
    if (!(rule instanceof CSSKeyframesRule)) continue
    const name = `toru-${id}-${rule.name}`
    animations.set(CSS.escape(rule.name), CSS.escape(name))
    rule.name = name
  }
  for (const rule of rulesIn(sheet))
    if ('style' in rule && rule.style instanceof CSSStyleDeclaration) rename(rule.style, animations)
  for (const rule of [...sheet.cssRules].flatMap(scope => rulesIn(scope, CSSScopeRule)))
    if (rule instanceof CSSStyleRule) rule.selectorText = scopedSelector(rule.selectorText)
  return sheet
}

/** All rules in a sheet or rule, except those inside rules of the type `closed`. */
const rulesIn = (owner: object, closed?: new () => CSSRule): ReadonlyArray<CSSRule> =>
  'cssRules' in owner && owner.cssRules instanceof CSSRuleList
    ? [...owner.cssRules].flatMap(rule => [
        rule,
        ...(closed !== undefined && rule instanceof closed ? [] : rulesIn(rule, closed)),
      ])
    : []

/**
 * Names of animations apply to the whole page, so they get the plugin's id. Custom properties may
 * contain them, too. If `animation` contains a variable, `animation-name` is empty.
 */
const rename = (style: CSSStyleDeclaration, animations: ReadonlyMap<string, string>): void => {
  if (animations.size === 0) return
  const own = style.getPropertyValue('animation-name') === '' ? 'animation' : 'animation-name'
  for (const property of [own, ...[...style].filter(name => name.startsWith('--animat'))]) {
    const value = style.getPropertyValue(property)
    const renamed = withAnimationNames(value, animations)
    if (renamed !== value) style.setProperty(property, renamed, style.getPropertyPriority(property))
  }
}
