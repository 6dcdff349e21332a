import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { toast } from '../state/store.js'
import { pretty } from './format.js'
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

/** A text field under its label. */
export const Field = (props: {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly hint?: string
  readonly rows?: number
  readonly search?: boolean
  readonly onEnter?: () => void
}) => {
  const id = useId()
  const common = {
    id,
    value: props.value,
    placeholder: props.hint,
    spellcheck: false,
    autocomplete: 'off',
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      props.onInput(event.currentTarget.value),
  }
  return (
    <div class="field">
      <label for={id} class={props.search === true ? 'unseen' : ''}>
        {props.label}
      </label>
      {props.rows === undefined ? (
        <input
          type={props.search === true ? 'search' : 'text'}
          {...common}
          placeholder={props.hint ?? (props.search === true ? props.label : '')}
        />
      ) : (
        <textarea rows={props.rows} {...common} />
      )}
    </div>
  )
}

/** A choice of one out of a few. */
export const Choice = <Value extends string>(props: {
  readonly label: string
  readonly value: Value
  readonly options: ReadonlyArray<readonly [value: Value, name: string]>
  readonly onChange: (value: Value) => void
  readonly visible?: boolean
}) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id} class={props.visible === true ? '' : 'unseen'}>
        {props.label}
      </label>
      <select
        id={id}
        value={props.value}
        onChange={event => {
          const chosen = props.options.find(([value]) => value === event.currentTarget.value)
          if (chosen !== undefined) props.onChange(chosen[0])
        }}
      >
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}

/** A box to tick. */
export const Tick = (props: {
  readonly label: string
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}) => (
  <label class="tick">
    <input
      type="checkbox"
      checked={props.value}
      onChange={event => props.onChange(event.currentTarget.checked)}
    />
    {props.label}
  </label>
)

/**
 * A text in the width of its letters, which can be scrolled with the keyboard, with a button that
 * copies it. JSON is shown with its lines broken.
 */
export const Code = (props: {
  readonly label: string
  readonly text: string
  readonly raw?: boolean
}) => {
  const text = props.raw === true ? props.text : pretty(props.text)
  return (
    <div class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section tabIndex={0} aria-label={props.label}>
        <pre>{text}</pre>
      </section>
      <Button
        icon="copy"
        name={`Copy ${props.label}`}
        quiet
        kind="plain"
        onClick={() => copy(text)}
      />
    </div>
  )
}

/** Puts a text on the clipboard and says so. */
export const copy = (text: string): void => {
  const done =
    navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('only on a secure connection'))
  done.then(
    () => toast('Copied', 'success'),
    (error: Error) => toast(`It could not be copied: ${error.message}`, 'error'),
  )
}

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

/** Said where there is nothing to show. */
export const Nothing = ({ children }: { readonly children: ComponentChildren }) => (
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

/** The time, again and again. */
export const useNow = (every: number): number => {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
