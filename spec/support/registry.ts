import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ROOT } from './packed-project.js'
import { folder, type Teardown } from './plugin-process.js'

/** A registry of packages on this machine, with what is installed in this repository. */
export interface Registry {
  readonly url: string
  /** The environment of an npm that uses it, with a cache and a home of its own. */
  readonly env: NodeJS.ProcessEnv
  /** The registry has no such package until it is empty. */
  missing: string
  /** The files of this package are sent only in part, and the rest never, until it is empty. */
  held: string
}

/** What a plugin and the command need when they run: the compiler alone is 30 MB. */
export const isNeededToRun = (name: string): boolean =>
  !['typescript', '@types/node', 'esbuild', 'libsql'].includes(name)

/** Versions that projects ask for, and that are not installed here. */
const OLDER: Readonly<Record<string, ReadonlyArray<string>>> = { '@types/node': ['20.19.0'] }

const manifestIn = (place: string): Readonly<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))

/** A folder as npm packs it. */
const tarOf = (place: string): Buffer =>
  execFileSync('tar', ['-cf', '-', '--transform', 's,^\\.,package,', '-C', place, '.'], {
    maxBuffer: 2 ** 26,
  })

const stubOf = (installed: string): string => {
  const { name, version } = manifestIn(installed)
  const stub = folder()
  writeFileSync(join(stub, 'package.json'), JSON.stringify({ name, version }))
  return stub
}

/** A packed package without anything but a manifest: the name and version of this one. */
export const stubOfThis = (): string => {
  const tarball = join(folder(), 'api.tgz')
  writeFileSync(tarball, gzipSync(tarOf(stubOf(ROOT))))
  return tarball
}

/** What a registry has. */
export interface Contents {
  /** Packed packages, by their names. */
  readonly published?: Readonly<Record<string, string>>
  /**
   * Whether the package is all there: otherwise it is its manifest, without dependencies, which is
   * enough for npm and takes less time.
   */
  readonly isWhole?: (name: string) => boolean
}

/** Starts a registry. */
export const startRegistry = async (
  t: Teardown,
  { published = {}, isWhole = () => false }: Contents = {},
): Promise<Registry> => {
  const unpacked = (tarball: string): string => {
    const place = folder()
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', place])
    return place
  }
  const places = new Map(Object.entries(published).map(([name, file]) => [name, unpacked(file)]))
  const placeOf = (name: string): string | undefined => {
    const installed = join(ROOT, 'node_modules', name)
    if (!places.has(name) && existsSync(join(installed, 'package.json')))
      places.set(name, isWhole(name) ? installed : stubOf(installed))
    return places.get(name)
  }
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/').slice(1)
    const [name = '', file] = path.split('/-/')
    const place = name === registry.missing ? undefined : placeOf(name)
    if (place === undefined) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
    } else if (file === undefined) {
      sendManifest(response, place)
    } else if (name === registry.held) {
      response.writeHead(200).write(tarOf(place).subarray(0, 600))
    } else
      response
        .writeHead(200)
        .end(published[name] === undefined ? tarOf(place) : readFileSync(published[name]))
  })
  const sendManifest = (response: ServerResponse, place: string): void => {
    const manifest = manifestIn(place)
    const { name, version } = manifest
    const tarball = `${registry.url}/${name}/-/${name}-${version}.tgz`
    const versions = Object.fromEntries(
      [String(version), ...(OLDER[String(name)] ?? [])].map(version => [
        version,
        { ...manifest, version, dist: { tarball } },
      ]),
    )
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }))
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const home = folder()
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    npm_config_cache: join(home, 'cache'),
    npm_config_registry: url,
    npm_config_update_notifier: 'false',
  }
  const registry: Registry = { url, env, missing: '', held: '' }
  return registry
}
