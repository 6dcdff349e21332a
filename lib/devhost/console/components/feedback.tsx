import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { Button } from './button.js'
import { Icon } from './icons.js'

/** What a plugin is doing, as a dot with words. `quiet` leaves the words to screen readers. */
export const StateDot = ({
  plugin,
  quiet = false,
}: {
  readonly plugin: ConsolePlugin
  readonly quiet?: boolean
}) => {
  const words =
    plugin.state === 'running' && plugin.health === 'unhealthy' ? 'unhealthy' : plugin.state
  return (
    <span class={quiet ? 'state bare' : 'state'} data-state={words}>
      <span class="dot" />
      <span class={quiet ? 'unseen' : ''}>{words}</span>
    </span>
  )
}

/** Said where there is nothing to show. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="nothing">{children}</p>
)

/** What went wrong, for everyone to notice. */
export const Alert = ({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) => (
  <div class="alert" role="alert">
    <Icon name="warning" />
    <div>
      <strong>{title}</strong>
      {children}
    </div>
  </div>
)

/** A question before something that cannot be taken back. Escape is a no. */
export const Confirm = (props: {
  readonly question: string
  readonly yes: string
  readonly onYes: () => void
  readonly onNo: () => void
}) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="card" aria-labelledby={id} onClose={props.onNo}>
      <p id={id}>{props.question}</p>
      <div class="row end">
        <Button name="Keep" onClick={props.onNo} />
        <Button name={props.yes} kind="danger" onClick={props.onYes} />
      </div>
    </dialog>
  )
}
