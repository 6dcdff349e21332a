import test from 'ava'
import { buildScript } from '../../../lib/cli/compile/build-script.js'

const tsc = (...projects: ReadonlyArray<string>) => ({ _tag: 'Tsc', projects })
const other = (program: string) => ({ _tag: 'Other', program })

const SCRIPTS: ReadonlyArray<readonly [Readonly<Record<string, string>>, object]> = [
  [{}, { _tag: 'Unknown' }],
  [{ build: './build.sh' }, { _tag: 'Unknown' }],
  [{ build: 'vite build' }, { _tag: 'Unknown' }],
  [{ build: 'tsc' }, tsc('.')],
  [{ build: 'rm -rf dist && tsc -p "tsconfig.build.json" --pretty' }, tsc('tsconfig.build.json')],
  [{ build: 'tsc --build packages/app; cp a b' }, tsc('packages/app')],
  [{ build: 'tsc -b && vite build' }, tsc('.')],
  [{ build: 'tsc -p a && NODE_ENV=x npx tsc --project b' }, tsc('a', 'b')],
  [{ build: 'npm run clean && npm run compile', compile: 'tsc -p c', clean: 'rimraf d' }, tsc('c')],
  [{ build: 'run-p types code', types: 'tsc -p t', code: 'swc src -d dist' }, tsc('t')],
  [{ build: 'npm run build' }, { _tag: 'Unknown' }],
  [{ build: 'tsup src/main.ts --format esm' }, other('tsup')],
  [{ build: 'npx esbuild src/main.ts --bundle' }, other('esbuild')],
  [{ build: 'pnpm code', code: 'babel src --out-dir dist' }, other('babel')],
  [{ build: 'echo tsc-like', other: 'tsc -p x' }, { _tag: 'Unknown' }],
]

for (const [scripts, expected] of SCRIPTS)
  test(`the script ${JSON.stringify(scripts)} builds with ${JSON.stringify(expected)}`, t => {
    t.deepEqual(buildScript(scripts), expected as ReturnType<typeof buildScript>)
  })
