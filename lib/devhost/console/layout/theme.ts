/** How the page looks: as the system says, or as its reader has said. */
export const THEMES = ['auto', 'light', 'dark'] as const
/** One of them. */
export type Theme = (typeof THEMES)[number]

const KEY = 'toru-console/theme'

/** The theme that was chosen before. */
export const currentTheme = (): Theme =>
  THEMES.find(name => name === localStorage.getItem(KEY)) ?? 'auto'

/** Shows a theme and remembers it. */
export const setTheme = (theme: Theme): void => {
  localStorage.setItem(KEY, theme)
  document.documentElement.dataset.theme = theme
}

document.documentElement.dataset.theme = currentTheme()
