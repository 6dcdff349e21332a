import { Icon, type IconName } from './icons.js'

/** A button with an icon. `iconOnly` leaves the name to screen readers and a tooltip. */
export const Button = (props: {
  readonly icon?: IconName
  readonly name: string
  readonly iconOnly?: boolean
  readonly kind?: 'primary' | 'danger' | 'plain'
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly submit?: boolean
  readonly onClick?: () => void
}) => (
  <button
    type={props.submit === true ? 'submit' : 'button'}
    class={`button ${props.kind ?? ''} ${props.iconOnly === true ? 'square' : ''}`}
    disabled={props.disabled ?? false}
    aria-pressed={props.pressed}
    title={props.iconOnly === true ? props.name : undefined}
    onClick={props.onClick}
  >
    {props.icon !== undefined && <Icon name={props.icon} />}
    <span class={props.iconOnly === true ? 'sr-only' : ''}>{props.name}</span>
  </button>
)
