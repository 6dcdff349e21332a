import { useEffect, useState } from 'preact/hooks'
import type { ConsolePlugin, KvEdit, KvEntries } from '../../console-api.js'
import { Button } from '../components/button.js'
import { Alert, Confirm, Empty } from '../components/feedback.js'
import { Field, Select } from '../components/fields.js'
import { contains } from '../components/text.js'
import { edit, getEntries, type Outcome } from '../state/host-api.js'
import { toast, useStore } from '../state/store.js'
import { EntryForm, EntryRow } from './storage-entry.js'

const STORES = [
  ['host', "The panel's table (api.kv)"],
  ['plugin', "The plugin's own store (ctx.kv)"],
] as const

/** The entries of a store, loaded again when the host reports a change, and by `reload`. */
const useEntries = (plugin: ConsolePlugin, from: KvEdit['store']) => {
  const changes = useStore(state => state.stores.get(plugin.id) ?? 0)
  const [again, setAgain] = useState(0)
  const [outcome, setOutcome] = useState<Outcome<KvEntries> | null>(null)
  useEffect(() => {
    let wanted = true
    getEntries(plugin.id, from).then(came => {
      if (wanted) setOutcome(came)
    })
    return () => {
      wanted = false
    }
  }, [plugin.id, from, changes, again])
  return { outcome, reload: () => setAgain(again + 1) }
}

/** Shows and edits the two stores of a plugin. */
export const Storage = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const [from, setFrom] = useState<KvEdit['store']>('host')
  const [text, setText] = useState('')
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<string | null>(null)
  const { outcome, reload } = useEntries(plugin, from)
  const change = async (key: string, value: string | null): Promise<boolean> => {
    const done = await edit(plugin.id, { store: from, key, value })
    if (done.ok) toast(value === null ? `${key} is removed` : `${key} is saved`, 'success')
    else toast(`${key} could not be changed: ${done.error}`, 'error')
    reload()
    return done.ok
  }
  const entries =
    outcome?.ok === true && outcome.value.store === from
      ? outcome.value.entries.filter(({ key }) => contains(text, key))
      : []
  return (
    <section class="card flush" aria-label="Store">
      <div class="toolbar">
        <Select label="Store" value={from} options={STORES} onChange={setFrom} />
        <Field label="Filter keys" search value={text} onInput={setText} />
        <span class="spacer" />
        <Button icon="restart" name="Reload" kind="plain" onClick={reload} />
        <Button icon="plus" name="Add a key" kind="primary" onClick={() => setAdding(true)} />
      </div>
      {outcome?.ok === false && <Alert title="The store cannot be read: ">{outcome.error}</Alert>}
      {outcome?.ok === true && outcome.value.problem !== null && (
        <Alert title="The store cannot be read: ">{outcome.value.problem}</Alert>
      )}
      {adding && (
        <EntryForm
          entry={null}
          onCancel={() => setAdding(false)}
          onSave={async (key, value) => setAdding(!(await change(key, value)))}
        />
      )}
      {entries.length === 0 && !adding && (
        <Empty>{text === '' ? 'This store has no keys.' : 'No key matches the filter.'}</Empty>
      )}
      <ul class="entries" aria-label="Keys">
        {entries.map(entry => (
          <EntryRow
            key={entry.key}
            entry={entry}
            onSave={value => change(entry.key, value)}
            onRemove={() => setRemoving(entry.key)}
          />
        ))}
      </ul>
      {outcome?.ok === true && outcome.value.place !== null && (
        <p class="muted place">{outcome.value.place}</p>
      )}
      {removing !== null && (
        <Confirm
          question={`Remove ${removing} from ${from === 'host' ? "the panel's table" : "the plugin's store"}?`}
          yes="Remove"
          onNo={() => setRemoving(null)}
          onYes={() => {
            change(removing, null)
            setRemoving(null)
          }}
        />
      )}
    </section>
  )
}
