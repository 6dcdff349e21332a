import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { O, pipe } from '../../fp.js'
import { sendStatus } from './reply.js'

const PACKAGE = fileURLToPath(new URL('../../../../', import.meta.url))

/** The folders of the sources with the style sheets, and of the compiled modules. */
const SOURCES = join(PACKAGE, 'lib', 'devhost', 'console')
const COMPILED = join(PACKAGE, 'dist', 'lib', 'devhost', 'console')

/** The files of the console's only library, by the names in the page's import map. */
const VENDOR: Readonly<Record<string, string>> = {
  'preact.js': 'dist/preact.module.js',
  'hooks.js': 'hooks/dist/hooks.module.js',
  'jsx-runtime.js': 'jsx-runtime/dist/jsxRuntime.module.js',
}

/** What is served, by file extension. */
const KINDS: Readonly<Record<string, { readonly folder: string; readonly type: string }>> = {
  '.css': { folder: SOURCES, type: 'text/css; charset=utf-8' },
  '.js': { folder: COMPILED, type: 'text/javascript; charset=utf-8' },
}

const FALLBACK =
  '<!doctype html><html lang="en"><title>toru-plugin dev</title><p>The console is not built: the host itself is at <a href="/api/plugins">/api/plugins</a>.'

/** Serves the console: its page at `/`, and its files below `/console/`. `path` is decoded. */
export const consoleFile = (path: string, response: ServerResponse): void => {
  if (path === '/' || path === '/index.html') return sendPage(response)
  const [, name] = /^\/console\/(.+)$/.exec(path) ?? []
  const kind = KINDS[extname(path)]
  if (name === undefined || kind === undefined) return sendStatus(response, 404)
  pipe(
    name.startsWith('vendor/') ? vendor(name.slice('vendor/'.length)) : fileIn(kind.folder, name),
    O.match(
      () => sendStatus(response, 404),
      bytes => send(response, bytes, kind.type, {}),
    ),
  )
}

const sendPage = (response: ServerResponse): void => {
  const html = pipe(
    fileIn(SOURCES, 'index.html'),
    O.map(bytes => bytes.toString('utf8').replace('<!-- modules -->', preloads())),
    O.getOrElse(() => FALLBACK),
  )
  send(response, Buffer.from(html), 'text/html; charset=utf-8', {
    'content-security-policy': policyFor(html),
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  })
}

/** Preloads every module, so that the browser does not discover them import by import. */
const preloads = (): string =>
  pipe(
    O.tryCatch(() => readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })),
    O.getOrElse((): ReadonlyArray<string> => []),
    sources => [
      ...Object.keys(VENDOR).map(name => `vendor/${name}`),
      ...sources
        .filter(name => /\.tsx?$/.test(name))
        .map(name => name.replace(/\.tsx?$/, '.js').replaceAll(sep, '/')),
    ],
    names => names.map(name => `<link rel="modulepreload" href="/console/${name}">`).join('\n'),
  )

const send = (
  response: ServerResponse,
  bytes: Buffer,
  type: string,
  headers: Readonly<Record<string, string>>,
): void => {
  response
    .writeHead(200, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      ...headers,
    })
    .end(bytes)
}

const vendor = (name: string): O.Option<Buffer> => {
  const file = Object.hasOwn(VENDOR, name) ? VENDOR[name] : undefined
  if (file === undefined) return O.none
  return O.tryCatch(() =>
    readFileSync(join(createRequire(import.meta.url).resolve('preact/package.json'), '..', file)),
  )
}

/** Reads a file in a folder. None if it is missing, or the name leads out of the folder. */
const fileIn = (folder: string, name: string): O.Option<Buffer> =>
  pipe(
    O.tryCatch(() => ({ home: realpathSync(folder), file: realpathSync(join(folder, name)) })),
    O.filter(({ home, file }) => file.startsWith(home + sep)),
    O.chain(({ file }) => O.tryCatch(() => readFileSync(file))),
  )

/**
 * Allows only this host's scripts: the console's modules and the plugins' bundles. The import map
 * in the page is allowed by its hash. Inline styles are allowed, since frontends of plugins use
 * them.
 */
const policyFor = (html: string): string => {
  const hashes = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes = '']) => !/\bsrc\s*=/.test(attributes))
    .map(([, , text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...hashes].join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "media-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
