import type { RouteDescription } from '../../../domain/plugin-description.js'
import type { ConsolePlugin } from '../../console-api.js'
import { Button } from '../components/button.js'
import { Code } from '../components/code.js'
import { Field } from '../components/fields.js'
import { blankCall, type Call, exampleText, type Pair, takesBody } from './call.js'
import { PARTS } from './description.js'
import { baseOf } from './use-calls.js'

const Pairs = (props: {
  readonly name: string
  readonly of: string
  readonly pairs: ReadonlyArray<Pair>
  readonly onChange: (pairs: ReadonlyArray<Pair>) => void
}) => {
  const { name, of, pairs, onChange } = props
  const field = (index: number, part: 0 | 1, label: string) => (
    <input
      class="mono"
      aria-label={`${of} ${index + 1}: ${label}`}
      placeholder={label}
      value={pairs[index]?.[part]}
      spellcheck={false}
      onInput={({ currentTarget: { value } }) =>
        onChange(
          pairs.map((pair, at) =>
            at !== index ? pair : part === 0 ? [value, pair[1]] : [pair[0], value],
          ),
        )
      }
    />
  )
  return (
    <fieldset class="pairs">
      <legend>{name}</legend>
      {pairs.map((_, index) => (
        <div class="pair" key={`${index}`}>
          {field(index, 0, 'name')}
          {field(index, 1, 'value')}
          <Button
            icon="close"
            name={`Remove ${of} ${index + 1}`}
            iconOnly
            kind="plain"
            onClick={() => onChange(pairs.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <Button
        icon="plus"
        name={`Add ${of}`}
        kind="plain"
        onClick={() => onChange([...pairs, ['', '']])}
      />
    </fieldset>
  )
}

const Codecs = ({ route }: { readonly route: RouteDescription }) => (
  <>
    {PARTS.map(part => {
      const codec = route.codecs[part]
      return (
        codec !== undefined && (
          <details key={part} class="codec">
            <summary>
              {part}: <code>{codec.name}</code>
            </summary>
            {codec.schema === null ? (
              <p class="muted">{codec.reason ?? 'It has no JSON Schema.'}</p>
            ) : (
              <Code label={`JSON Schema of ${part}`} text={JSON.stringify(codec.schema)} />
            )}
          </details>
        )
      )
    })}
  </>
)

/** A form for path parameters, query, headers and body of a route. */
export const CallForm = (props: {
  readonly plugin: ConsolePlugin
  readonly route: RouteDescription
  readonly call: Call
  readonly busy: boolean
  readonly onChange: (call: Call) => void
  readonly onSend: () => void
}) => {
  const { plugin, route, call, busy, onChange, onSend } = props
  return (
    <form
      class="card call"
      aria-label={`Call ${route.method} ${route.path}`}
      onSubmit={event => {
        event.preventDefault()
        onSend()
      }}
      onKeyDown={event => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
        event.preventDefault()
        onSend()
      }}
    >
      <div class="call-head">
        <h2>
          <span class="method" data-method={route.method}>
            {route.method}
          </span>{' '}
          <code>
            <span class="muted">{baseOf(plugin)}</span>
            {route.path}
          </code>
        </h2>
        <span class="muted">{route.handler}</span>
      </div>
      <Codecs route={route} />
      {route.params.length > 0 && (
        <div class="params">
          {route.params.map(name => (
            <Field
              key={name}
              label={name === '*' ? 'the rest of the path' : name}
              value={call.params[name] ?? ''}
              onInput={value => onChange({ ...call, params: { ...call.params, [name]: value } })}
            />
          ))}
        </div>
      )}
      <div class="columns">
        <Pairs
          name="Query"
          of="query"
          pairs={call.query}
          onChange={query => onChange({ ...call, query })}
        />
        <Pairs
          name="Headers"
          of="header"
          pairs={call.headers}
          onChange={headers => onChange({ ...call, headers })}
        />
      </div>
      {takesBody(route) && (
        <Field
          label="Body"
          rows={Math.min(16, Math.max(4, call.body.split('\n').length))}
          value={call.body}
          onInput={body => onChange({ ...call, body })}
        />
      )}
      <div class="row">
        <Button
          icon="send"
          name={busy ? 'Sending…' : 'Send'}
          kind="primary"
          submit
          disabled={busy}
        />
        <Button name="Reset" kind="plain" onClick={() => onChange(blankCall(route))} />
        {exampleText(route.codecs.body) !== '' && call.body !== exampleText(route.codecs.body) && (
          <Button
            name="Example body"
            kind="plain"
            onClick={() => onChange({ ...call, body: exampleText(route.codecs.body) })}
          />
        )}
        <span class="muted keys">
          <kbd>Ctrl</kbd> <kbd>Enter</kbd> sends
        </span>
      </div>
    </form>
  )
}
