import { useId } from 'preact/hooks'

/** A labelled text field, or with `rows` a text area. */
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
      <label for={id} class={props.search === true ? 'sr-only' : ''}>
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

/** A labelled drop-down list. */
export const Select = <Value extends string>(props: {
  readonly label: string
  readonly value: Value
  readonly options: ReadonlyArray<readonly [value: Value, name: string]>
  readonly onChange: (value: Value) => void
  readonly visible?: boolean
}) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id} class={props.visible === true ? '' : 'sr-only'}>
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

/** A labelled checkbox. */
export const Checkbox = (props: {
  readonly label: string
  readonly value: boolean
  readonly onChange: (value: boolean) => void
}) => (
  <label class="checkbox">
    <input
      type="checkbox"
      checked={props.value}
      onChange={event => props.onChange(event.currentTarget.checked)}
    />
    {props.label}
  </label>
)
