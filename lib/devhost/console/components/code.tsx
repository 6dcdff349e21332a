import { toast } from '../state/store.js'
import { Button } from './button.js'
import { prettyJson } from './text.js'

/**
 * A preformatted text that scrolls with the keyboard, and a button that copies it. JSON is indented
 * unless `raw`.
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
        iconOnly
        kind="plain"
        onClick={() => copy(text)}
      />
    </div>
  )
}

/** Copies a text to the clipboard, and shows whether that worked. */
export const copy = (text: string): void => {
  const done =
    navigator.clipboard?.writeText(text) ??
    Promise.reject(new Error('the clipboard needs a secure connection'))
  done.then(
    () => toast('Copied', 'success'),
    (error: Error) => toast(`It could not be copied: ${error.message}`, 'error'),
  )
}
