import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ROOT } from '../../support/packed-project.js'
import { fakeHost } from './fake-host.js'

// The page and its files, as the host serves them.

let page = ''
let css = ''
let files: ReadonlyMap<string, string> = new Map()

test.before(async () => {
  const host = await fakeHost()
  const get = async (path: string): Promise<string> => {
    const response = await fetch(new URL(path, host.url))
    return response.ok ? response.text() : ''
  }
  page = await get('/')
  const paths = [...page.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)].map(
    ([, path = '']) => path,
  )
  files = new Map(await Promise.all(paths.map(async path => [path, await get(path)] as const)))
  css = [...files].flatMap(([path, text]) => (path.endsWith('.css') ? [text] : [])).join('')
  await host.stop()
})

const modulesIn = (): ReadonlyMap<string, string> =>
  new Map([...files].filter(([path]) => /^\/console\/(?!vendor\/).*\.js$/.test(path)))

test('the page asks for each of its modules at once, and for nothing that is not there', t => {
  const sources = readdirSync(join(ROOT, 'lib/devhost/console'), {
    recursive: true,
    encoding: 'utf8',
  })
  t.deepEqual(
    [...modulesIn().keys()].sort(),
    sources
      .filter(name => /\.tsx?$/.test(name))
      .map(name => `/console/${name.replace(/\.tsx?$/, '.js')}`)
      .sort(),
  )
  t.deepEqual(
    [...files].filter(([, text]) => text === ''),
    [],
  )
})

test('nothing is loaded from elsewhere, and the only script in the page is its import map', t => {
  const addresses = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address = '']) => address)
  t.deepEqual(
    addresses.filter(
      address => !address.startsWith('/console/') && !address.startsWith('data:image/svg+xml'),
    ),
    [],
  )
  t.deepEqual(
    [...page.matchAll(/<script(?![^>]*src=)([^>]*)>/g)].map(([, attributes = '']) =>
      attributes.trim(),
    ),
    ['type="importmap"'],
  )
  t.notRegex(css, /@import|url\(/)
})

test('every module imports only its neighbours and what the import map knows', t => {
  const map = Object.keys(
    JSON.parse(/<script type="importmap">(.*?)<\/script>/s.exec(page)?.[1] ?? '{}').imports,
  )
  const modules = modulesIn()
  const strangers = [...modules].flatMap(([path, text]) =>
    [...text.matchAll(/^import (?:.* from )?'([^']+)';$/gm)]
      .map(([, target = '']) => target)
      .filter(target => !map.includes(target) && !modules.has(join(dirname(path), target)))
      .map(target => `${path} imports ${target}`),
  )
  t.deepEqual(strangers, [])
})

test('all of it is below 150 kB', t => {
  const sizes = [page, ...files.values()].map(text => Buffer.byteLength(text))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  t.true(total < 150_000, `${total} bytes`)
})

/** The colours of the page by name, each for light and dark. */
const coloursIn = (text: string): ReadonlyMap<string, readonly [string, string]> =>
  new Map(
    [...text.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
      ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
    ),
  )

/** As defined by WCAG 2. */
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map(index => Number.parseInt(hex.slice(index, index + 2), 16) / 255)
    .map(channel => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The pairs of colours with too little contrast. */
const weak = (
  pairs: ReadonlyArray<readonly [string, string]>,
  least: number,
): ReadonlyArray<string> => {
  const colours = coloursIn(css)
  return pairs.flatMap(([text, ground]) =>
    ['light', 'dark'].flatMap((scheme, index) => {
      const ratio = contrast(
        colours.get(text)?.[index] ?? '#000000',
        colours.get(ground)?.[index] ?? '#000000',
      )
      return ratio < least ? [`${text} on ${ground}, ${scheme}: ${ratio.toFixed(2)}`] : []
    }),
  )
}

test('every text stands out from what it is written on, by 4.5 to 1', t => {
  const grounds = ['page', 'surface', 'sunken', 'hover']
  const pairs = [
    ...['text', 'muted', 'accent', 'good', 'warn', 'bad'].flatMap(text =>
      grounds.map(ground => [text, ground] as const),
    ),
    ...(['good', 'warn', 'bad', 'violet'] as const).map(text => [text, `${text}-tint`] as const),
    ...['good-tint', 'warn-tint', 'bad-tint', 'tint'].map(ground => ['text', ground] as const),
    ['accent', 'tint'] as const,
    ['muted', 'tint'] as const,
    ['on-accent', 'accent'] as const,
  ]
  t.is(contrast('#000000', '#ffffff'), 21)
  t.deepEqual(weak(pairs, 4.5), [])
})

test('the edge of a field and the mark of the focus stand out by 3 to 1', t => {
  const marks = ['strong-line', 'accent'].flatMap(mark =>
    ['page', 'surface'].map(ground => [mark, ground] as const),
  )
  t.deepEqual(weak(marks, 3), [])
})
