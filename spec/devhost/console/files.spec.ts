import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ROOT } from '../../support/packed-project.js'
import { consoleFile } from './fake-host.js'

const page = readFileSync(consoleFile('/'), 'utf8')
const css = readFileSync(consoleFile('/console/style.css'), 'utf8')
const filesIn = (folder: string, ending: RegExp): ReadonlyArray<string> =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(name =>
    ending.test(name),
  )
const linked = [...page.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)].map(([, path = '']) => path)

test('the page asks for each of its modules at once, and for nothing that is not there', t => {
  const expected = filesIn('lib/devhost/console', /\.tsx?$/).map(
    name => `/console/${name.replace(/\.tsx?$/, '.js')}`,
  )
  t.deepEqual(
    linked.filter(path => path.endsWith('.js') && !path.includes('/vendor/')).sort(),
    expected.sort(),
  )
  for (const path of linked) t.true(statSync(consoleFile(path)).isFile(), path)
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
  const modules = filesIn('dist/lib/devhost/console', /\.js$/)
  for (const name of modules) {
    const text = readFileSync(consoleFile(`/console/${name}`), 'utf8')
    for (const [, target = ''] of text.matchAll(/^import (?:.* from )?'([^']+)';$/gm))
      t.true(
        map.includes(target) || modules.includes(join(dirname(name), target)),
        `${name} imports ${target}`,
      )
  }
})

test('all of it is below 150 kB', t => {
  const sizes = ['/', ...linked].map(path => statSync(consoleFile(path)).size)
  const total = sizes.reduce((sum, size) => sum + size, 0)
  t.true(total < 150_000, `${total} bytes`)
})

/** The colours of the page: a name, and its value for light and for dark. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark] as const],
  ),
)

/** As WCAG 2 computes it. */
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

/** The pairs of colours that do not stand out enough. */
const weak = (
  pairs: ReadonlyArray<readonly [string, string]>,
  least: number,
): ReadonlyArray<string> =>
  pairs.flatMap(([text, ground]) =>
    ['light', 'dark'].flatMap((scheme, index) => {
      const ratio = contrast(
        colours.get(text)?.[index] ?? '#000000',
        colours.get(ground)?.[index] ?? '#000000',
      )
      return ratio < least ? [`${text} on ${ground}, ${scheme}: ${ratio.toFixed(2)}`] : []
    }),
  )

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
