import { useState } from 'preact/hooks'
import { Button } from '../components/button.js'
import { Field } from '../components/fields.js'
import { parseJson, prettyJson } from '../components/text.js'

/** A key with its value. */
export interface Entry {
  readonly key: string
  readonly value: string
}

/** An entry of a store, which turns into a form for editing. */
export const EntryRow = (props: {
  readonly entry: Entry
  readonly onSave: (value: string) => Promise<boolean>
  readonly onRemove: () => void
}) => {
  const { entry, onSave, onRemove } = props
  const [editing, setEditing] = useState(false)
  return (
    <li>
      {editing ? (
        <EntryForm
          entry={entry}
          onCancel={() => setEditing(false)}
          onSave={async (_, value) => setEditing(!(await onSave(value)))}
        />
      ) : (
        <div class="entry-row">
          <code class="key">{entry.key}</code>
          <pre class="value">{prettyJson(entry.value)}</pre>
          <div class="row">
            <Button
              icon="pencil"
              name={`Change ${entry.key}`}
              iconOnly
              kind="plain"
              onClick={() => setEditing(true)}
            />
            <Button
              icon="trash"
              name={`Remove ${entry.key}`}
              iconOnly
              kind="plain"
              onClick={onRemove}
            />
          </div>
        </div>
      )}
    </li>
  )
}

/** JSON is edited indented and stored compact; an unchanged value stays exactly as it was. */
const compact = (text: string, entry: Entry | null): string =>
  entry !== null && text === prettyJson(entry.value)
    ? entry.value
    : text.includes('\n') && parseJson(text) !== undefined
      ? JSON.stringify(parseJson(text))
      : text

/** A form for an existing entry, or for `null` a new one. */
export const EntryForm = (props: {
  readonly entry: Entry | null
  readonly onSave: (key: string, value: string) => void
  readonly onCancel: () => void
}) => {
  const { entry, onSave, onCancel } = props
  const [key, setKey] = useState(entry?.key ?? '')
  const [value, setValue] = useState(entry === null ? '' : prettyJson(entry.value))
  return (
    <form
      class="entry-form"
      aria-label={entry === null ? 'New key' : `Change ${entry.key}`}
      onSubmit={event => {
        event.preventDefault()
        onSave(key, compact(value, entry))
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      {entry === null ? (
        <Field label="Key" value={key} onInput={setKey} />
      ) : (
        <code class="key">{key}</code>
      )}
      <Field
        label="Value"
        rows={Math.min(12, Math.max(2, value.split('\n').length))}
        value={value}
        onInput={setValue}
      />
      <div class="row">
        <Button name="Save" kind="primary" submit disabled={key === ''} />
        <Button name="Cancel" kind="plain" onClick={onCancel} />
        {value !== '' && (
          <span class="muted">{parseJson(value) === undefined ? 'text' : 'JSON'}</span>
        )}
      </div>
    </form>
  )
}
