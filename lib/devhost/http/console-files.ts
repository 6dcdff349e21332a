import { createHash } from 'node:crypto'
import { readFileSync, realpathSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { O, pipe } from '../../fp.js'
import { sendStatus } from './reply.js'

const PACKAGE = fileURLToPath(new URL('../../../../', import.meta.url))

/** What is written by hand, and what is compiled. */
const STATIC = join(PACKAGE, 'lib', 'devhost', 'console')
const COMPILED = join(PACKAGE, 'dist', 'lib', 'devhost', 'console')

/**
 * The console's only library, from wherever it is installed: the names that the page's import map
 * leads to.
 */
const VENDOR: Readonly<Record<string, string>> = {
  'preact.js': 'dist/preact.module.js',
  'hooks.js': 'hooks/dist/hooks.module.js',
  'jsx-runtime.js': 'jsx-runtime/dist/jsxRuntime.module.js',
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

const FALLBACK =
  '<!doctype html><html lang="en"><title>toru-plugin dev</title><p>The console is not built: the host itself is at <a href="/api/plugins">/api/plugins</a>.'

/** Serves the console: its page at `/`, and its files below `/console/`. `path` is decoded. */
export const consoleFile = (path: string, response: ServerResponse): void => {
  if (path === '/' || path === '/index.html') return page(response)
  const name = path.startsWith('/console/') ? path.slice('/console/'.length) : undefined
  const found = name === undefined ? O.none : fileNamed(name)
  if (O.isNone(found)) return sendStatus(response, 404)
  send(response, found.value, TYPES[extname(path)] ?? 'application/octet-stream', {})
}

const page = (response: ServerResponse): void => {
  const html = pipe(
    within(STATIC, 'index.html'),
    O.getOrElse((): Buffer => Buffer.from(FALLBACK)),
  )
  send(response, html, 'text/html; charset=utf-8', {
    'content-security-policy': policyFor(html.toString('utf8')),
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  })
}

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

const fileNamed = (name: string): O.Option<Buffer> => {
  if (name.startsWith('vendor/')) return vendor(name.slice('vendor/'.length))
  // The sources of what is compiled are for nobody's browser, but for a debugger that asks for them
  // by their maps.
  return /\.(?:js|js\.map)$/.test(name) ? within(COMPILED, name) : within(STATIC, name)
}

const vendor = (name: string): O.Option<Buffer> => {
  const file = Object.hasOwn(VENDOR, name) ? VENDOR[name] : undefined
  if (file === undefined) return O.none
  return O.tryCatch(() =>
    readFileSync(join(createRequire(import.meta.url).resolve('preact/package.json'), '..', file)),
  )
}

/** A file in a folder; none where there is none, or where the name leads out of the folder. */
const within = (folder: string, name: string): O.Option<Buffer> =>
  pipe(
    O.tryCatch(() => ({ home: realpathSync(folder), file: realpathSync(join(folder, name)) })),
    O.filter(({ home, file }) => file.startsWith(home + sep)),
    O.chain(({ file }) => O.tryCatch(() => readFileSync(file))),
  )

/**
 * Scripts are this host's files: the console's, and the plugins' bundles. What stands in the page
 * itself, its import map, is known by its hash. Styles may be made by scripts, as plugins do it.
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
