import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { bundleFrontend } from '../../lib/cli/pack/bundle-frontend.js'
import { browserTest } from '../support/browser.js'
import { project } from '../support/packing.js'
import { bundleOf, openPanel } from './panel.js'

/** The bundle of a view with a card and this style sheet. */
const styled = (
  css: string,
  { id = 'demo', more = {} as Record<string, string> } = {},
): Promise<string> =>
  bundleOf(
    {
      'main.ts': `import { definePluginView } from 'toru-plugin-api/frontend'
        import './style.css'
        definePluginView({ id: '${id}', mount(container) { container.innerHTML = '<p class="card">mine</p>' } })`,
      'style.css': css,
      ...more,
    },
    id,
  )

/** The value of a property of the first plugin's card, the second's, and the panel's. */
const everywhere = (property: string): string =>
  `['#one .card', '#two .card', '#own'].map(place => document.querySelector(place) && style(place, '${property}'))`

const RED = 'rgb(255, 0, 0)'
const BLACK = 'rgb(0, 0, 0)'

browserTest(
  'a style sheet holds for its own plugin alone, and only while that is shown',
  async t => {
    const { run, errors } = await openPanel(t, {
      bundles: [
        await styled('.card { color: red } .card { & { top: 1px } }'),
        await styled('.card { color: lime }', { id: 'other' }),
      ],
    })
    t.is(await run('document.adoptedStyleSheets.length'), 0)
    t.deepEqual(await run(`mount('one'); mount('two', 'other'); ${everywhere('color')}`), [
      RED,
      'rgb(0, 255, 0)',
      BLACK,
    ])
    t.is(await run('document.head.querySelectorAll("style").length'), 0)
    await run(`unmount('one')`)
    t.is(await run('document.adoptedStyleSheets.length'), 1)
    // A plugin that is mounted twice keeps its sheet until both are unmounted.
    await run(`unmount('two', 'other'); mount('one'); mount('two'); unmount('one')`)
    t.is(await run(`style('#two .card', 'color')`), RED)
    t.is(await run(`unmount('two'); document.adoptedStyleSheets.length`), 0)
    t.deepEqual(errors, [])
  },
)

browserTest(
  'what is said of the page is said of the plugin, and follows what the page is',
  async t => {
    const { run } = await openPanel(t, {
      html: '<html class="dark"><body class="wide"></body></html>',
      bundles: [
        await styled(`
        :root { --a: 1 }
        :root, :host { --b: 2 }
        html, body { --c: 3 }
        html.dark { --d: 4 }
        html[data-theme='light, or so'] { --d: 5 }
        html:not(.light, .bright) body.wide { --e: 6 }
        .dark .card { --f: 7 }
        body::before { content: 'x' }
        tbody, .body { --a: 8 }
        * { box-sizing: border-box }`),
      ],
    })
    await run(`mount('one')`)
    const values = (place: string) =>
      `'abcdef'.split('').map(name => style('${place}', '--' + name))`
    t.deepEqual(await run(values('#one .card')), ['1', '2', '3', '4', '6', '7'])
    t.deepEqual(await run(values('#own')), ['', '', '', '', '', ''])
    t.deepEqual(await run(values('html')), ['', '', '', '', '', ''])
    t.is(
      await run(`getComputedStyle(document.querySelector('#one > div'), '::before').content`),
      '"x"',
    )
    t.deepEqual(await run(`[style('#one > div', 'box-sizing'), style('#own', 'box-sizing')]`), [
      'border-box',
      'content-box',
    ])
    await run(
      `document.documentElement.className = ''; document.documentElement.dataset.theme = 'light, or so'`,
    )
    t.deepEqual(await run(`[style('#one .card', '--d'), style('#one .card', '--f')]`), ['5', ''])
  },
)

browserTest('animations of one name in two plugins and the panel stay apart', async t => {
  const animated = (property: string, to: string) =>
    `@keyframes fade { to { opacity: ${to} } } .card { ${property}; animation-duration: 9s }`
  const { run } = await openPanel(t, {
    html: '<style>@keyframes fade { to { opacity: 0.9 } } #own { animation: fade 9s }</style>',
    bundles: [
      await styled(animated('--animate-fade: fade 9s; animation: var(--animate-fade)', '0.1')),
      await styled(animated('animation-name: other, fade', '0.2'), { id: 'other' }),
      await styled(
        '.card { --t: 9s; animation: fade var(--t) } @media all { @keyframes fade { to { opacity: 0.3 } } }',
        { id: '3rd' },
      ),
    ],
  })
  await run(`mount('one'); mount('two', 'other')`)
  t.deepEqual(await run(everywhere('animation-name')), [
    'toru-demo-fade',
    'other, toru-other-fade',
    'fade',
  ])
  const ends = `[...document.querySelectorAll('p')].map(p => p.getAnimations().map(each => each.effect.getKeyframes().at(-1).opacity))`
  t.deepEqual(await run(ends), [['0.9'], ['0.1'], ['0.2']])
  t.deepEqual(await run(`mount('one', '3rd'); ${everywhere('animation-name')}`), [
    'toru-3rd-fade',
    'other, toru-other-fade',
    'fade',
  ])
})

browserTest(
  'media, supports, container and layers work; fonts and properties are the page’s',
  async t => {
    const { run, errors } = await openPanel(t, {
      html: '<style>@layer base { .card { padding: 7px } } .card { margin: 3px }</style>',
      bundles: [
        await styled(
          `@import './deep/more.css' layer(deep);
        @charset "utf-8";
        @layer base, top;
        @layer top { .card { outline-width: 2px; margin: 9px } }
        @layer base { .card { outline-width: 1px; padding: 5px } }
        @media (width > 1px) { .card { color: red } @supports (top: 0) { .card { top: 5px } } }
        @container (width > 1px) { .card { left: 6px } }
        @property --size { syntax: '<length>'; inherits: false; initial-value: 4px }
        @font-face { font-family: Small; src: url('./small.woff2') }`,
          {
            more: {
              'deep/more.css': '.card { right: 8px; background: url("./dot.svg") }',
              'deep/dot.svg': '<svg/>',
              'small.woff2': 'font',
            },
          },
        ),
      ],
    })
    await run(`mount('one')`)
    t.deepEqual(
      await run(
        `['color', 'top', 'right', 'outline-width', 'padding-top'].map(name => style('#one .card', name))`,
      ),
      [RED, '5px', '8px', '2px', '5px'],
    )
    // As always in CSS, the panel's rule outside of layers wins over one in a layer.
    t.is(await run(`style('#one .card', 'margin-top')`), '3px')
    t.deepEqual(
      await run(`['color', 'top', 'right', 'padding-top'].map(name => style('#own', name))`),
      [BLACK, 'auto', 'auto', '7px'],
    )
    t.regex(
      String(await run(`style('#one .card', 'background-image')`)),
      /^url\("data:image\/svg\+xml/,
    )
    t.deepEqual(
      await run(`[style('#own', '--size'), [...document.fonts].map(font => font.family)]`),
      ['4px', ['Small']],
    )
    t.deepEqual(await run(`unmount('one'); [style('#own', '--size'), document.fonts.size]`), [
      '',
      0,
    ])
    t.deepEqual(errors, [])
  },
)

browserTest('brackets, commas and names within strings, escapes and comments are text', async t => {
  const { run, errors } = await openPanel(t, {
    html: '<p id="panel" title="a]b{c"></p>',
    bundles: [
      await bundleOf({
        'main.ts': `import { definePluginView } from 'toru-plugin-api/frontend'
          import './style.css'
          definePluginView({ id: 'demo', mount(container) {
            container.innerHTML = '<p class="card" title="a]b{c"></p><p class="a,b inner"><b class="inner">x</b></p>'
            container.title = 'a::b&c'
          } })`,
        'style.css': `
          [title="a]b{c"], .nobody { color: red }
          [title="a::b&c"] { --a: 1 }
          .a\\,b { --b: 2 }
          /* } */
          [title="}"], .card { --c: url("data:,a}b{") }
          @keyframes end { to { opacity: 0.5 } }
          .card { animation: end 9s steps(4, start) }
          @scope (.inner) { .inner { --d: 4 } @media all { .inner { --e: 5 } } }`,
      }),
    ],
  })
  await run(`mount('one')`)
  t.deepEqual(await run(`[style('#one .card', 'color'), style('#panel', 'color')]`), [RED, BLACK])
  t.deepEqual(
    await run(
      `[style('#one > div', '--a'), style('#one .inner', '--b'), style('#one .card', '--c')]`,
    ),
    ['1', '2', 'url(data:,a}b{)'],
  )
  t.is(await run(`style('#one .card', 'animation-name')`), 'toru-demo-end')
  t.deepEqual(errors, [])
})

browserTest('a sheet with a brace too many does not get out of its scope', async t => {
  const { run } = await openPanel(t, {
    bundles: [await styled('.card { color: red } } .card { top: 1px }')],
  })
  t.deepEqual(await run(`mount('one'); ${everywhere('color')}`), [RED, null, BLACK])
  t.deepEqual(await run(everywhere('top')), ['auto', null, 'auto'])
})

browserTest('it works where the panel allows no styles but its own files', async t => {
  const { run, errors } = await openPanel(t, {
    html: `<meta http-equiv="Content-Security-Policy" content="style-src 'self'">`,
    bundles: [await styled('.card { color: red }')],
  })
  t.is(await run(`mount('one'); style('#one .card', 'color')`), RED)
  t.deepEqual(errors, [])
})

browserTest('a frontend that registers itself by hand is styled, too', async t => {
  const bundle = await bundleOf({
    'main.ts': `import './style.css'
      window.ToruPlugins = { demo: {
        mount: container => { container.innerHTML = '<p class="card">mine</p>' },
        unmount: container => { container.replaceChildren(); throw new Error('stuck') },
      } }`,
    'style.css': '.card, body { color: red }',
  })
  const { run } = await openPanel(t, { bundles: [bundle] })
  t.deepEqual(
    await run(
      `mount('one'); [style('#one', 'color'), style('#one .card', 'color'), style('#own', 'color')]`,
    ),
    [RED, RED, BLACK],
  )
  t.deepEqual(
    await run(
      `try { unmount('one') } catch {}; [style('#one', 'color'), document.adoptedStyleSheets.length]`,
    ),
    [BLACK, 0],
  )
})

browserTest('a bundle with styles that registers another id says so', async t => {
  const { errors } = await openPanel(t, {
    bundles: [await bundleOf({ 'main.ts': `import './style.css'`, 'style.css': 'p { top: 0 }' })],
  })
  t.deepEqual(errors, ['The bundle of the plugin "demo" has registered no view under this id.'])
})

browserTest(
  'in development a bundle that is loaded again changes the styles of what is shown, or takes them away',
  async t => {
    const of = (css: string) =>
      bundleOf(
        {
          'main.ts': `import { definePluginView } from 'toru-plugin-api/frontend'
          ${css === '' ? '' : `import './style.css'`}
          definePluginView({ id: 'demo', mount(container) { container.innerHTML = '<p class="card">mine</p>' } })`,
          'style.css': css,
        },
        'demo',
        true,
      )
    const { run, load } = await openPanel(t, { bundles: [await of('.card { color: red }')] })
    t.is(await run(`mount('one'); style('#one .card', 'color')`), RED)
    await load(await of('.card { color: lime }'))
    t.deepEqual(await run(everywhere('color')), ['rgb(0, 255, 0)', null, BLACK])
    await load(await of(''))
    t.deepEqual(await run(everywhere('color')), [BLACK, null, BLACK])
    t.is(await run(`unmount('one'); document.adoptedStyleSheets.length`), 0)
  },
)

test('without a style sheet there is nothing about styles in a bundle; NODE_ENV is production', async t => {
  const bundle = await bundleOf({ 'main.ts': 'console.log(process.env.NODE_ENV)' })
  t.is(bundle, '(()=>{console.log("production");})();\n')
})

test('for development a bundle is readable, with its source map at the end', async t => {
  const bundle = await bundleOf(
    {
      'main.ts': `import './style.css'\nconst hello: string = 'hello'\nconsole.log(hello, process.env.NODE_ENV)`,
      'style.css': 'p { top: 0 }',
    },
    'demo',
    true,
  )
  t.regex(bundle, /\n {2}var hello = "hello";\n/)
  t.regex(bundle, /"development"/)
  const [, map = ''] =
    /\n\/\/# sourceMappingURL=data:application\/json;base64,(\S+)\s*$/.exec(bundle) ?? []
  t.deepEqual(JSON.parse(Buffer.from(map, 'base64').toString()).sources, ['frontend/main.ts'])
})

test('small pictures and fonts are in the bundle; large ones, and sheets of other servers, are refused', async t => {
  const files = {
    'main.ts': `import picture from './dot.svg'\nconsole.log(picture)`,
    'dot.svg': '<svg/>',
  }
  t.true((await bundleOf(files)).includes('data:image/svg+xml'))
  const refused = async (main: string, more: Readonly<Record<string, string>>): Promise<string> => {
    const root = project({ 'main.ts': main, ...more })
    writeFileSync(join(root, 'large.png'), new Uint8Array(300 * 1024))
    const result = await bundleFrontend({ entry: join(root, 'main.ts'), root, id: 'demo' })()
    return E.isLeft(result) ? result.left.message : ''
  }
  t.regex(
    await refused(`import large from './large.png'\nconsole.log(large)`, {}),
    /large\.png has 300 KiB, and a bundle takes at most 256 KiB: .* a route/,
  )
  t.regex(
    await refused(`import './a.css'`, { 'a.css': '@import url("https://example.org/b.css");' }),
    /a\.css:1:12: a style sheet from another server/,
  )
})
