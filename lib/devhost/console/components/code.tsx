import { toast } from '../state/store.js'
import { Button } from './button.js'
import { prettyJson } from './text.js'

/**
 * A text in the width of its letters, which can be scrolled with the keyboard, with a button that
 * copies it. JSON is shown with its lines broken.
 */
export const Code = (props: {
  readonly label: string
  readonly text: string
  readonly raw?: boolean
}) => {
  const text = props.raw === true ? props.text : prettyJson(props.text)
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
