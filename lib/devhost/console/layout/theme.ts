/** The themes: the system's, or one of these two. */
export const THEMES = ['auto', 'light', 'dark'] as const
/** A theme. */
export type Theme = (typeof THEMES)[number]

const KEY = 'toru-console/theme'

/** The theme that the browser has stored. */
export const currentTheme = (): Theme =>
  THEMES.find(name => name === localStorage.getItem(KEY)) ?? 'auto'

/** Applies a theme and stores it. */
export const setTheme = (theme: Theme): void => {
  localStorage.setItem(KEY, theme)
  document.documentElement.dataset.theme = theme
}

document.documentElement.dataset.theme = currentTheme()
