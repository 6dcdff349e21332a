import test from 'ava'
import { outputIn } from '../../../lib/cli/compile/output-file.js'

const options = {
  outDir: '/p/dist',
  rootDir: undefined,
  composite: false,
  emitsNothing: false,
  noEmitOnError: false,
}
const config = { file: '/p/tsconfig.json', options, files: [], references: [] }
const output = (
  changed: Partial<Record<keyof typeof options, string | boolean | undefined>>,
  version = '5.9.3',
  program: ReadonlyArray<string> = ['/p/src/main.ts', '/p/src/sub/a.ts'],
  source = '/p/src/main.ts',
): string =>
  outputIn(
    { ...config, options: { ...options, ...changed } as typeof options },
    version,
    program,
    source,
  )

test('the output of a source is where each version of the compiler puts it', t => {
  t.is(output({ rootDir: '/p' }), '/p/dist/src/main.js')
  t.is(output({ rootDir: '/p/src' }, '7.0.2'), '/p/dist/main.js')
  t.is(output({ outDir: undefined }), '/p/src/main.js')
  t.is(output({}), '/p/dist/main.js')
  t.is(output({}, '6.0.3'), '/p/dist/src/main.js')
  t.is(output({ composite: true }), '/p/dist/src/main.js')
  // What is imported counts, and what is not compiled does not.
  t.is(output({}, '5.9.3', ['/p/src/main.ts', '/p/package.json']), '/p/dist/src/main.js')
  const declared = [
    '/p/src/main.ts',
    '/p/types/a.d.ts',
    '/p/types/b.d.css.ts',
    '/p/node_modules/c/d.ts',
  ]
  t.is(output({}, '5.9.3', declared), '/p/dist/main.js')
  t.is(output({}, '5.9.3', ['/p/src/main.mts'], '/p/src/main.mts'), '/p/dist/main.mjs')
  t.is(output({}, '5.9.3', ['/p/src/main.cts'], '/p/src/main.cts'), '/p/dist/main.cjs')
  t.is(output({}, '5.9.3', ['/p/src/main.tsx'], '/p/src/main.tsx'), '/p/dist/main.js')
  t.is(output({}, '5.9.3', ['/p/a.ts', '/q/b.ts'], '/p/a.ts'), '/p/dist/p/a.js')
})
