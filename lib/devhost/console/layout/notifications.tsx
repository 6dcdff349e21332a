import { Button } from '../components/button.js'
import { Icon } from '../components/icons.js'
import { store, useStore } from '../state/store.js'

/**
 * Shows that the connection is lost. The status element is always there, so that screen readers
 * announce what appears in it.
 */
export const Banner = () => {
  const connection = useStore(state => state.connection)
  return (
    <div role="status" class="banner-place">
      {connection === 'lost' && (
        <div class="banner">
          <Icon name="warning" />
          <span>
            <strong>The development host does not answer.</strong> What you see is as it was; the
            page connects again by itself.
          </span>
        </div>
      )}
    </div>
  )
}

/** Short-lived messages in a corner of the page. */
export const Toasts = () => {
  const toasts = useStore(state => state.toasts)
  return (
    <section class="toasts" aria-label="Messages" aria-live="polite">
      {toasts.map(({ n, text, kind }) => (
        <div key={n} class="toast" data-kind={kind}>
          <span>{text}</span>
          <Button
            icon="close"
            name="Close the message"
            iconOnly
            kind="plain"
            onClick={() => store.dispatch({ type: 'dismiss', n })}
          />
        </div>
      ))}
    </section>
  )
}
