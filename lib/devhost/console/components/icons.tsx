const PATHS = {
  restart: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  stop: 'M6 6h12v12H6z',
  play: 'M8 5.5v13l10-6.5z',
  bolt: 'M13 3 5.5 13.5H12L11 21l7.5-10.5H12z',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6 6 18',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 12.5h9l1-12.5M10 11v5M14 11v5',
  copy: 'M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1',
  send: 'M4 12 20 4.5 15.5 20l-3.5-6zM12 14l8-9.5',
  pencil: 'M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5z',
  plus: 'M12 5v14M5 12h14',
  home: 'M4.5 4.5h6.5v6.5H4.5zM13 4.5h6.5v6.5H13zM4.5 13h6.5v6.5H4.5zM13 13h6.5v6.5H13z',
  warning: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2',
  chevron: 'M9 6l6 6-6 6',
  down: 'M12 5v13M6 12.5l6 6 6-6',
  auto: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  dark: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z',
} as const

/** The name of an icon. */
export type IconName = keyof typeof PATHS

/**
 * An icon. Screen readers skip it: the text beside it, or the name of its button, says what it
 * means.
 */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
)
