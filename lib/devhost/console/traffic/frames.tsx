import { useEffect, useState } from 'preact/hooks'
import type { Exchange, RawExchange, RawFrame } from '../../console-api.js'
import { Code } from '../components/code.js'
import { Alert, Empty } from '../components/feedback.js'
import { Checkbox } from '../components/fields.js'
import { bytes } from '../components/format.js'
import { getRaw, type Outcome } from '../state/host-api.js'

const Frame = (props: {
  readonly name: string
  readonly frame: RawFrame | null
  readonly raw: boolean
}) => {
  const { name, frame, raw } = props
  return (
    <section class="frame" aria-label={name}>
      <h3>{name}</h3>
      {frame === null ? (
        <p class="muted">Nothing.</p>
      ) : (
        <>
          <p class="muted">
            header <code>{frame.header}</code> = {bytes(frame.length)} of JSON
            {frame.cut && ', cut here to 256 KiB'}
          </p>
          <Code label={`${name}, JSON`} text={frame.text} raw={raw} />
        </>
      )}
    </section>
  )
}

/** The two frames of an exchange, as they went over the socket. */
export const Raw = ({ exchange }: { readonly exchange: Exchange }) => {
  const [outcome, setOutcome] = useState<Outcome<RawExchange> | null>(null)
  const [raw, setRaw] = useState(false)
  const { n } = exchange
  useEffect(() => {
    getRaw(n).then(setOutcome)
  }, [n])
  if (outcome === null) return <Empty>Loading the frames…</Empty>
  if (!outcome.ok) return <Alert title="The frames are gone: ">{outcome.error}</Alert>
  return (
    <>
      <Checkbox label="Raw" value={raw} onChange={setRaw} />
      <div class="columns">
        <Frame name="Sent to the plugin" frame={outcome.value.sent} raw={raw} />
        <Frame name="Received from the plugin" frame={outcome.value.received} raw={raw} />
      </div>
    </>
  )
}
