import { browserTest } from '../support/browser.js'
import { bundleOf, openPanel } from './panel.js'

/** The bundle of a frontend with this `mount`. */
const view = (mount: string, id = 'demo'): Promise<string> =>
  bundleOf({
    'main.ts': `import { definePluginView } from 'toru-plugin-api/frontend'
      declare const window: any
      definePluginView({ id: ${JSON.stringify(id)}, ${mount} })`,
  })

browserTest('a view is registered, mounted with the api, taken down and mounted again', async t => {
  const bundle = await view(`mount(container, api) {
    const timer = setInterval(() => undefined, 1000)
    api.fetch('/notes?x=1').then(answer => answer.text()).then(text => container.append(text))
    return () => { clearInterval(timer); api.showToast('down ' + container.isConnected, 'info') }
  }`)
  const { run, errors } = await openPanel(t, { bundles: [bundle] })
  for (const round of [1, 2]) {
    await run(`mount('one')`)
    await run(
      `new Promise(resolve => { const look = () => text('one') === '/notes?x=1' ? resolve() : setTimeout(look, 5); look() })`,
    )
    t.is(await run(`document.querySelector('#one > div').dataset.toruPlugin`), 'demo')
    await run(`unmount('one')`)
    // It is taken down at once, while its element is still in the page.
    t.deepEqual(
      await run(`[said.length, said.at(-1), document.getElementById('one').childNodes.length]`),
      [round, 'down true', 0],
    )
  }
  await run(`unmount('one')`)
  t.is(await run('said.length'), 2)
  t.deepEqual(errors, [])
})

browserTest('Preact in TSX, as tsconfig.json says, with hooks that are cleaned up', async t => {
  const bundle = await bundleOf({
    'tsconfig.json': '{ "compilerOptions": { "jsx": "react-jsx", "jsxImportSource": "preact" } }',
    'main.tsx': `import { render } from 'preact'
      import { useEffect, useState } from 'preact/hooks'
      import { definePluginView, type PanelApi } from 'toru-plugin-api/frontend'
      const App = ({ api }: { api: PanelApi }) => {
        const [count, setCount] = useState(0)
        useEffect(() => () => api.showToast('cleaned up', 'info'), [])
        return <button onClick={() => setCount(count + 1)}>{count} clicks</button>
      }
      definePluginView({
        id: 'demo',
        mount(container, api) {
          render(<App api={api} />, container)
          return () => render(null, container)
        },
      })`,
  })
  const { run, errors } = await openPanel(t, { bundles: [bundle] })
  await run(
    `mount('one'); new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 50)))`,
  )
  await run(
    `new Promise(resolve => { new MutationObserver(resolve).observe(document.getElementById('one'), { subtree: true, characterData: true }); document.querySelector('#one button').click() })`,
  )
  t.is(await run(`text('one')`), '1 clicks')
  t.is(await run(`unmount('one'); text('one')`), '')
  t.deepEqual(await run('said'), ['cleaned up'])
  t.deepEqual(errors, [])
})

for (const [how, mount] of [
  ['throws', `mount(container) { container.append('half'); throw new Error('no <b>luck</b>') }`],
  [
    'rejects',
    `async mount(container) { container.append('half'); await null; throw new Error('no <b>luck</b>') }`,
  ],
] as const) {
  browserTest(
    `a mount that ${how} says so in its place and on the console, and the panel lives on`,
    async t => {
      const { run, errors } = await openPanel(t, {
        bundles: [await view(mount), await view(`mount(c) { c.append('fine') }`, 'other')],
      })
      await run(`mount('one'); mount('two', 'other')`)
      t.deepEqual(await run(`[text('one'), document.querySelector('#one [role=alert] b')]`), [
        'The page of the plugin "demo" could not be shown: no <b>luck</b>',
        null,
      ])
      t.is(await run(`text('two')`), 'fine')
      t.is(errors.length, 1)
      t.regex(errors[0] ?? '', /^The page of the plugin "demo" failed: Error: no <b>luck/)
      t.is(await run(`unmount('one'); text('one')`), '')
    },
  )
}

browserTest(
  'a mount that is still running is taken down when it ends, and its late writing is not seen',
  async t => {
    const bundle = await view(`async mount(container) {
    const mine = window.waits = window.waits ?? []
    const name = await new Promise(resolve => mine.push(resolve))
    container.append(name)
    return () => window.said.push('down ' + name)
  }`)
    const { run, errors } = await openPanel(t, { bundles: [bundle] })
    await run(`mount('one'); unmount('one'); mount('one')`)
    t.deepEqual(
      await run(
        `waits[1]('second'); waits[0]('first'); new Promise(resolve => setTimeout(() => resolve([text('one'), said])))`,
      ),
      ['second', ['down first']],
    )
    t.deepEqual(await run(`unmount('one'); [text('one'), said]`), [
      '',
      ['down first', 'down second'],
    ])
    t.deepEqual(errors, [])
  },
)

browserTest(
  'a second mount on an element takes the place of the first; two elements are two views',
  async t => {
    const bundle = await view(
      `mount(container) { const n = (window.n = (window.n ?? 0) + 1); container.append('view ' + n); return () => window.said.push(n) }`,
    )
    const { run } = await openPanel(t, { bundles: [bundle] })
    t.deepEqual(
      await run(`mount('one'); mount('one'); mount('two'); [text('one'), text('two'), said]`),
      ['view 2', 'view 3', [1]],
    )
    t.deepEqual(await run(`unmount('one'); [text('one'), text('two'), said]`), [
      '',
      'view 3',
      [1, 2],
    ])
  },
)

browserTest(
  'an unmount that throws is logged, and the element is emptied all the same',
  async t => {
    const { run, errors } = await openPanel(t, {
      bundles: [
        await view(`mount(c) { c.append('x'); return () => { throw new Error('stuck') } }`),
      ],
    })
    t.is(await run(`mount('one'); unmount('one'); text('one')`), '')
    t.regex(
      errors.join(),
      /^The page of the plugin "demo" failed while it was taken down: Error: stuck/,
    )
  },
)

browserTest(
  'a bundle that is loaded again replaces the view, and takes down what the first one put up',
  async t => {
    const of = (version: string) =>
      view(`mount(c) { c.append('${version}'); return () => window.said.push('down ${version}') }`)
    const { run, load, errors } = await openPanel(t, { bundles: [await of('old')] })
    await run(`mount('one'); mount('two')`)
    await load(await of('new'))
    t.deepEqual(await run(`unmount('one'); mount('two'); [text('one'), text('two'), said]`), [
      '',
      'new',
      ['down old', 'down old'],
    ])
    t.deepEqual(errors, [])
  },
)

browserTest(
  'an id that the host would not take is an error on the console, and nothing is registered',
  async t => {
    const { run, errors } = await openPanel(t, { bundles: [await view('mount() {}', 'a b')] })
    t.is(await run(`Object.keys(window.ToruPlugins ?? {}).length`), 0)
    t.regex(
      errors.join(),
      /definePluginView: expected a plugin's id, of the characters A-Z a-z 0-9 - only, got "a b"/,
    )
  },
)

browserTest('a view without an id or without a mount is said to be none', async t => {
  const untyped = (text: string) =>
    bundleOf({
      'main.ts': `import { definePluginView } from 'toru-plugin-api/frontend'\ndefinePluginView(${text})`,
    })
  const { run, errors } = await openPanel(t, {
    bundles: [await untyped('{} as never'), await untyped(`{ id: 'small', mount: 5 } as never`)],
  })
  t.is(await run(`Object.keys(window.ToruPlugins ?? {}).length`), 0)
  t.regex(
    errors.join(),
    /expected a plugin's id.*got undefined[\s\S]*expected a function mount\(container, api\) for the plugin "small", got number/,
  )
})
