import type { ExecutionContext } from 'ava'
import type { Page } from '../../support/browser.js'
import { type FakeHost, someEntry, someExchange } from './fake-host.js'
import { startHost } from './open-tab.js'

const BUILD_ERROR = {
  half: 'backend',
  text: 'Expected ";"',
  file: 'main.ts',
  line: 3,
  column: 2,
  lineText: '  retrun 5',
} as const

/** A host with something on every tab. */
export const busyHost = async (t: ExecutionContext): Promise<FakeHost> => {
  const host = await startHost(
    t,
    { frontend: 'v1', build: { state: 'failed', took: 5, errors: [BUILD_ERROR] } },
    {
      id: 'long',
      name: 'A'.repeat(100),
      route: '/other',
      source: 'x/'.repeat(100),
      running: false,
      state: 'failed',
      reason: 'it ended '.repeat(20),
    },
  )
  host.exchanges = [
    someExchange(1, { title: `GET /${'x'.repeat(300)}` }),
    someExchange(2, { status: 502, error: 'e'.repeat(300) }),
    someExchange(3, { kind: 'kv', title: 'get theme', status: null }),
  ]
  const { n: _, ...entry } = someEntry(1, {
    message: 'm'.repeat(500),
    level: 'Error',
    error: 'stack',
  })
  host.logs = [entry]
  const codec = {
    name: 'Note',
    schema: { type: 'object', properties: { title: { type: 'string' } } },
  }
  const kv = [{ key: 'theme', handler: 'Notes.theme', codec }]
  const routes = ['POST', 'GET'].map(method => ({
    method,
    path: `/:id/${'p'.repeat(80)}`,
    params: ['id'],
    handler: 'Notes.one',
    codecs: { body: codec, query: codec },
  }))
  host.answers.set('GET /api/dev/plugins/notes/description', { routes, kv })
  const entries = [{ key: 'k'.repeat(100), value: JSON.stringify({ long: 'v'.repeat(300) }) }]
  host.answers.set('GET /api/dev/plugins/notes/entries', {
    store: 'host',
    place: '/tmp/steering.db',
    problem: null,
    entries,
  })
  const view = `mount(place) { place.innerHTML = '<p>the view</p>' }, unmount(place) { place.replaceChildren() }`
  host.answers.set(
    'GET /api/plugins/notes/bundle.js',
    `window.ToruPlugins = { notes: { ${view} } }`,
  )
  const frame = { length: 2, header: '00000002', text: '{"a":1}', cut: false }
  host.answers.set('GET /api/dev/traffic/2', { n: 2, sent: frame, received: null })
  return host
}

/** Each place, a text that shows that it is loaded, and what to open on it. */
export const PLACES: ReadonlyArray<
  readonly [hash: string, shown: string, open?: (page: Page) => Promise<void>]
> = [
  ['#/', 'samples/notes/main.ts'],
  ['#/~/traffic', 'get theme'],
  ['#/~/logs', 'mmm'],
  ['#/notes/overview', 'Expected ";"'],
  ['#/notes/view', 'the view'],
  ['#/notes/routes', 'Send', page => page.locator('.codec summary').first().click()],
  ['#/notes/traffic', 'get theme', page => page.locator('.open').nth(1).click()],
  ['#/notes/logs', 'mmm', page => page.locator('.log summary').click()],
  ['#/notes/storage', 'kkk', page => page.getByRole('button', { name: /^Change/ }).click()],
  ['#/long/view', 'The frontend cannot reach its plugin'],
]
