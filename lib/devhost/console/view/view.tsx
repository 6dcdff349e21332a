import { useEffect, useRef, useState } from 'preact/hooks'
import type { ConsolePlugin } from '../../console-api.js'
import { Alert, Empty } from '../components/feedback.js'
import { mountBundle } from './mount-bundle.js'

const Mounted = ({ plugin }: { readonly plugin: ConsolePlugin }) => {
  const container = useRef<HTMLDivElement>(null)
  const [problems, setProblems] = useState<ReadonlyArray<string>>([])
  const { id, frontend } = plugin
  useEffect(() => {
    setProblems([])
    // Each mount has an element of its own, so that a script that loads late cannot mount into the
    // element of a newer one.
    const element = document.createElement('div')
    container.current?.append(element)
    const unmount = mountBundle(plugin, element, problem =>
      setProblems(all => [...all.slice(-4), problem]),
    )
    return () => {
      unmount()
      element.remove()
    }
  }, [id, frontend])
  return (
    <>
      {problems.length > 0 && (
        <Alert title="The frontend failed:">
          <ul>
            {problems.map((problem, index) => (
              <li key={`${index}`}>{problem}</li>
            ))}
          </ul>
        </Alert>
      )}
      <section
        class="card view"
        ref={container}
        aria-label={`The view of ${plugin.name}`}
        data-frontend={frontend}
      />
    </>
  )
}

/** The plugin's frontend, mounted as the panel mounts it. */
export const View = ({ plugin }: { readonly plugin: ConsolePlugin }) => (
  <>
    {plugin.route !== `/${plugin.id}` && (
      <Alert title="The frontend cannot reach its plugin: ">
        <code>api.fetch</code> goes to <code>/api/plugins/route/{plugin.id}</code>, and the route is{' '}
        <code>{plugin.route}</code>. Make it <code>/{plugin.id}</code>.
      </Alert>
    )}
    {!plugin.enabled ? (
      <Empty>A disabled plugin has no view.</Empty>
    ) : plugin.frontend === null ? (
      <Empty>
        This plugin has no frontend. Write one in frontend/main.ts beside its entry; it appears
        here.
      </Empty>
    ) : (
      <Mounted plugin={plugin} />
    )}
  </>
)
