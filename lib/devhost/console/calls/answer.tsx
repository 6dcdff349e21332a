import { useState } from 'preact/hooks'
import type { RouteDescription } from '../../../domain/plugin-description.js'
import type { ConsolePlugin } from '../../console-api.js'
import { Button } from '../components/button.js'
import { Code, copy } from '../components/code.js'
import { Alert } from '../components/feedback.js'
import { bytes, milliseconds } from '../components/format.js'
import { curlOf, testOf } from './snippets.js'
import { baseOf, type CallAnswer } from './use-calls.js'

/** An HTTP status, coloured by its class. */
export const Status = ({ status }: { readonly status: number | null }) => (
  <span class="status" data-kind={status === null ? 'none' : String(Math.floor(status / 100))}>
    {status ?? '–'}
  </span>
)

/** The answer to a call, and buttons that copy the call as a `curl` command or as a test. */
export const Answer = (props: {
  readonly plugin: ConsolePlugin
  readonly route: RouteDescription
  readonly answer: CallAnswer
}) => {
  const { plugin, route, answer } = props
  const { request, status, headers, body, took, problem } = answer
  const [kept, keep] = useState<{ readonly label: string; readonly text: string } | null>(null)
  const offer = (label: string, text: string): void => {
    keep({ label, text })
    copy(text)
  }
  return (
    <section class="card answer" aria-label="Answer">
      {problem !== null && <Alert title="No answer: ">{problem}</Alert>}
      {status !== null && (
        <>
          <p class="row">
            <Status status={status} /> <span>{milliseconds(took)}</span>{' '}
            <span class="muted">{bytes(new TextEncoder().encode(body).length)}</span>
          </p>
          {body === '' ? (
            <p class="muted">No body.</p>
          ) : (
            <Code label="Body of the answer" text={body} />
          )}
          <details class="codec">
            <summary>{headers.length} headers</summary>
            <Code
              label="Headers of the answer"
              text={headers.map(([name, value]) => `${name}: ${value}`).join('\n')}
              raw
            />
          </details>
        </>
      )}
      {request !== null && (
        <div class="row">
          <Button
            icon="copy"
            name="Copy as curl"
            onClick={() => offer('curl command', curlOf(location.origin + baseOf(plugin), request))}
          />
          <Button
            icon="copy"
            name="Copy as test"
            onClick={() =>
              offer(
                'test',
                testOf(route.handler, request, status === null ? null : { status, body }),
              )
            }
          />
        </div>
      )}
      {kept !== null && <Code label={kept.label} text={kept.text} raw />}
    </section>
  )
}
