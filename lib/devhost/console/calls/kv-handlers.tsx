import { useState } from 'preact/hooks'
import type { KvDescription } from '../../../domain/plugin-description.js'
import type { ConsolePlugin, KvTry } from '../../console-api.js'
import { Button } from '../components/button.js'
import { Code } from '../components/code.js'
import { Field } from '../components/fields.js'
import { tryKv } from '../state/host-api.js'
import { exampleText } from './call.js'

const Handler = ({
  plugin,
  handler,
}: {
  readonly plugin: ConsolePlugin
  readonly handler: KvDescription
}) => {
  const [key, setKey] = useState(handler.key)
  const [value, setValue] = useState(exampleValue(handler))
  const [result, setResult] = useState<string | null>(null)
  const ask = async (action: KvTry['action']): Promise<void> => {
    const outcome = await tryKv(
      plugin.id,
      action === 'set' ? { action, key, value } : { action, key },
    )
    setResult(outcome.ok ? JSON.stringify(outcome.value.value) : outcome.error)
  }
  return (
    <li class="kv-try">
      <h3>
        <code>{handler.key}</code> <span class="muted">{handler.handler}</span>
      </h3>
      {handler.codec !== null && (
        <details class="codec">
          <summary>
            value: <code>{handler.codec.name}</code>
          </summary>
          {handler.codec.schema === null ? (
            <p class="muted">{handler.codec.reason}</p>
          ) : (
            <Code
              label={`JSON Schema of ${handler.key}`}
              text={JSON.stringify(handler.codec.schema)}
            />
          )}
        </details>
      )}
      <div class="kv-row">
        <Field label={`Key of ${handler.key}`} value={key} onInput={setKey} />
        <Field label={`Value of ${handler.key}`} value={value} onInput={setValue} />
        <div class="row">
          <Button name="Get" onClick={() => ask('get')} />
          <Button name="Set" onClick={() => ask('set')} />
          <Button name="Delete" onClick={() => ask('delete')} />
        </div>
      </div>
      <output aria-label={`Answer of ${handler.key}`}>
        {result !== null && <code>{result}</code>}
      </output>
    </li>
  )
}

/** Strings are sent as they are, other values as JSON. */
const exampleValue = ({ codec }: KvDescription): string =>
  exampleText(codec).replace(/^"(.*)"$/, '$1')

/**
 * The keys of a plugin's `@Kv` handlers, each with a form. Today's host sends no `kv` messages, so
 * there is no other way to try them.
 */
export const KvHandlers = (props: {
  readonly plugin: ConsolePlugin
  readonly handlers: ReadonlyArray<KvDescription>
}) =>
  props.handlers.length === 0 ? null : (
    <section class="card" aria-labelledby="kv-handlers">
      <h2 id="kv-handlers">Key-value handlers</h2>
      <p class="muted">
        Messages for <code>@Kv</code> handlers. Today's panel sends none: <code>api.kv</code> of a
        frontend is the panel's own table.
      </p>
      <ul>
        {props.handlers.map(handler => (
          <Handler key={handler.key} plugin={props.plugin} handler={handler} />
        ))}
      </ul>
    </section>
  )
