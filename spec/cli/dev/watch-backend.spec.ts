import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import test from 'ava'
import { sharedCompilers } from '../../../lib/cli/dev/shared-compilers.js'
import { backendOf, watchBackend } from '../../../lib/cli/dev/watch-backend.js'
import type { BuildEvent } from '../../../lib/devhost/plugin/build-status.js'
import { right, tscProject } from '../../support/packing.js'
import { folder, type Teardown } from '../../support/plugin-process.js'
import { until } from '../../support/processes.js'

// The real compiler, and files that are saved while it watches. Nothing of that is run.

const GROUP = { started: () => undefined }

/** Watches an entry. `next` yields the event that follows those that it has yielded. */
const watched = async (t: Teardown, root: string, entry: string) => {
  const events: BuildEvent[] = []
  const backend = await right(backendOf({ entry: join(root, entry), root, frontend: undefined }))
  const watching = watchBackend(
    backend,
    { source: entry, inspect: undefined, frontend: undefined },
    sharedCompilers(),
    { tell: async event => void events.push(event), group: GROUP },
  )
  t.teardown(() => void watching.stop())
  let taken = 0
  return {
    save: (name: string, text: string) => writeFileSync(join(root, name), text),
    next: async (): Promise<object> => {
      await until(() => events.length > taken)
      const event = events[taken++]
      const errors = event === undefined || !('errors' in event) ? [] : event.errors
      return {
        _tag: event?._tag,
        ...(event?._tag === 'Backend'
          ? { runs: relative(root, event.launch.command.at(-1) ?? '') }
          : {}),
        errors: errors.map(({ text, line }) => [
          text.replace(/^(TS\d+|.* does not exist).*$/s, '$1').replace(`${root}/`, ''),
          line,
        ]),
      }
    },
  }
}

const backend = (errors: ReadonlyArray<unknown> = [], runs = 'dist/src/main.js') => ({
  _tag: 'Backend',
  runs,
  errors,
})

test('the output is run in spite of type errors, and again only if it is another one', async t => {
  const root = tscProject({ 'src/main.ts': 'export const a: number = 1' })
  const { save, next } = await watched(t, root, 'src/main.ts')
  t.deepEqual(await next(), backend())
  save('src/main.ts', '\nexport const a: string = 1')
  t.deepEqual(await next(), { _tag: 'Checked', errors: [['TS2322', 2]] })
  save('src/main.ts', 'export const a: string = 2')
  t.deepEqual(await next(), backend([['TS2322', 1]]))
  save('src/main.ts', "import './part.js'\nexport const a: number = 2")
  t.deepEqual(await next(), backend([['TS2882', 1]]))
  save('src/part.ts', 'export {}')
  t.deepEqual(await next(), backend())
  // An option of the project changes where its output is.
  const config = JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      target: 'es2022',
      types: [],
      rootDir: '.',
      outDir: 'out',
    },
    include: ['src'],
  })
  save('tsconfig.json', config)
  t.deepEqual(await next(), backend([], 'out/src/main.js'))
  save('tsconfig.json', config.replace('"outDir"', '"noEmit":true,"outDir"'))
  t.like(await next(), { _tag: 'Failed' })
  save('tsconfig.json', config)
  t.deepEqual(await next(), backend([], 'out/src/main.js'))
})

test('a compilation that emits nothing is no new version, and the next one that does is', async t => {
  const root = tscProject({ 'src/main.ts': 'export const a: number = 1' }, { noEmitOnError: true })
  const { save, next } = await watched(t, root, 'src/main.ts')
  t.deepEqual(await next(), backend())
  save('src/main.ts', 'export const a: string = 1')
  t.deepEqual(await next(), { _tag: 'Failed', errors: [['TS2322', 1]] })
  save('src/main.ts', 'export const a: number = 1')
  t.deepEqual(await next(), backend())
})

test('a source of a project that the entry’s project refers to is one of its sources', async t => {
  const options = {
    composite: true,
    module: 'nodenext',
    target: 'es2022',
    outDir: 'out',
    types: [],
  }
  const root = tscProject({
    'core/tsconfig.json': JSON.stringify({ compilerOptions: options }),
    'core/package.json': JSON.stringify({ name: 'core', type: 'module', main: 'out/core.js' }),
    'core/core.ts': 'export const core = 1',
    'app/tsconfig.json': JSON.stringify({
      compilerOptions: options,
      references: [{ path: '../core' }],
    }),
    'app/main.ts': "import { core } from 'core'\nexport const a: number = core",
  })
  symlinkSync('../core', join(root, 'node_modules/core'))
  const { save, next } = await watched(t, root, 'app/main.ts')
  t.deepEqual(await next(), backend([], 'app/out/main.js'))
  save('core/core.ts', 'export const core = 2')
  t.deepEqual(await next(), backend([], 'app/out/main.js'))
  save('core/core.ts', "export const core = '3'")
  t.deepEqual(await next(), backend([['TS2322', 2]], 'app/out/main.js'))
})

test('compiled JavaScript is a new version once its files do not change any more', async t => {
  const root = folder()
  writeFileSync(join(root, 'main.js'), "import './part.js'")
  writeFileSync(join(root, 'part.js'), '0')
  const { save, next } = await watched(t, root, 'main.js')
  t.deepEqual(await next(), backend([], 'main.js'))
  // As a bundler writes: it removes what is there first, and writes one file after the other.
  rmSync(join(root, 'main.js'))
  for (let n = 1; n < 20; n++) {
    save('part.js', String(n))
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  save('main.js', "import './part.js'\n// 2")
  t.deepEqual(await next(), backend([], 'main.js'))
  rmSync(join(root, 'main.js'))
  t.deepEqual(await next(), {
    _tag: 'Failed',
    errors: [['main.js does not exist', null]],
  })
  save('main.js', '')
  t.deepEqual(await next(), backend([], 'main.js'))
})
