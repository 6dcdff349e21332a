import { Icon, type IconName } from './icons.js'

/**
 * A button with a sign. Where there is only room for the sign, `quiet` hides the name from the eye.
 */
export const Button = (props: {
  readonly icon?: IconName
  readonly name: string
  readonly quiet?: boolean
  readonly kind?: 'primary' | 'danger' | 'plain'
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly submit?: boolean
  readonly onClick?: () => void
}) => (
  <button
    type={props.submit === true ? 'submit' : 'button'}
    class={`button ${props.kind ?? ''} ${props.quiet === true ? 'square' : ''}`}
    disabled={props.disabled ?? false}
    aria-pressed={props.pressed}
    title={props.quiet === true ? props.name : undefined}
    onClick={props.onClick}
  >
    {props.icon !== undefined && <Icon name={props.icon} />}
    <span class={props.quiet === true ? 'unseen' : ''}>{props.name}</span>
  </button>
)
