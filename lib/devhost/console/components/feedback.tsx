import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { Button } from './button.js'
import { Icon } from './icons.js'

/** A plugin's state as a coloured dot and a word. `dotOnly` leaves the word to screen readers. */
export const StateDot = ({
  plugin,
  dotOnly = false,
}: {
  readonly plugin: ConsolePlugin
  readonly dotOnly?: boolean
}) => {
  const words =
    plugin.state === 'running' && plugin.health === 'unhealthy' ? 'unhealthy' : plugin.state
  return (
    <span class={dotOnly ? 'state bare' : 'state'} data-state={words}>
      <span class="dot" />
      <span class={dotOnly ? 'sr-only' : ''}>{words}</span>
    </span>
  )
}

/** Stands where a list or a page is empty. */
export const Empty = ({ children }: { readonly children: ComponentChildren }) => (
  <p class="empty">{children}</p>
)

/** Something went wrong. Screen readers announce it. */
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

/** Asks before something that cannot be undone. Escape means no. */
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
