import { join, relative } from 'node:path'
import test from 'ava'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { compilationOf } from '../../../lib/cli/compile/compilation.js'
import { compile } from '../../../lib/cli/compile/compile.js'
import { project, tscProject } from '../../support/packing.js'

/** What comes of compiling a source: the output and the errors, or why there is none. */
const compiled = async (root: string, source = 'src/main.ts'): Promise<object> =>
  pipe(
    compilationOf(join(root, source), root),
    TE.chain(compile),
    TE.match(
      ({ message, hint }): object => ({
        failed: message
          .replaceAll(relative(process.cwd(), root), '<here>')
          .replaceAll(root, '<root>'),
        hint,
      }),
      ({ output, errors }) => ({
        output: relative(root, output),
        errors: errors.map(({ text }) => text.replace(/:.*/s, '')),
      }),
    ),
  )()

const NAME_OUTPUT =
  'name the file that it makes: on the command line, or in package.json as "toru": { "entry": "dist/main.js" }'
const WRONG = { 'src/main.ts': 'export const a: string = 1\n' }
const RIGHT = { 'src/main.ts': 'export {}' }
const json = JSON.stringify
const manifest = (more: object): Readonly<Record<string, string>> => ({
  'package.json': json({ type: 'module', ...more }),
})
const configs = {
  'tsconfig.build.json': json({
    extends: './tsconfig.json',
    compilerOptions: { noEmit: false, outDir: 'built' },
  }),
}
/** A workspace in which a plugin refers to another package. */
const WORKSPACE = {
  'tsconfig.json': json({
    files: [],
    references: [{ path: './core' }, { path: './plugin/tsconfig.src.json' }],
  }),
  'core/tsconfig.json': json({
    compilerOptions: { composite: true, module: 'nodenext', outDir: 'out', types: [] },
  }),
  'core/core.ts': 'export const core = 1',
  'plugin/tsconfig.src.json': json({
    compilerOptions: { composite: true, module: 'nodenext', outDir: '../out', types: [] },
    include: ['src'],
    references: [{ path: '../core' }],
  }),
  'plugin/src/main.ts': "import { core } from '../../core/core.js'\nexport const a: number = core",
}

const CASES: ReadonlyArray<
  readonly [title: string, make: () => Promise<object>, expected: object]
> = [
  [
    'type errors are told, and the output is there',
    () => compiled(tscProject(WRONG)),
    { output: 'dist/src/main.js', errors: ['TS2322'] },
  ],
  [
    'with noEmitOnError nothing is run, and neither is the output of before',
    () =>
      compiled(tscProject({ ...WRONG, 'dist/src/main.js': 'stale()' }, { noEmitOnError: true })),
    {
      failed:
        "<root>/src/main.ts was not compiled:\n<here>/src/main.ts:1:14: TS2322: Type 'number' is not assignable to type 'string'.",
      hint: 'Correct the errors. Without "noEmitOnError" in tsconfig.json it would run in spite of them.',
    },
  ],
  [
    'a configuration that emits nothing is refused',
    () => compiled(tscProject(RIGHT, { noEmit: true })),
    {
      failed:
        '<here>/tsconfig.json makes no JavaScript of <root>/src/main.ts, since it has "noEmit" or "emitDeclarationOnly"',
      hint: `If another program compiles it, ${NAME_OUTPUT}. If tsc does, with another configuration: "toru": { "tsconfig": "tsconfig.build.json" }.`,
    },
  ],
  [
    'output between the sources is refused where there is none yet',
    () => compiled(tscProject({ ...RIGHT, 'tsconfig.json': '{}' })),
    {
      failed:
        '<here>/tsconfig.json has no "outDir": tsc would write its output between the sources',
      hint: `Add "outDir": "dist" to its compilerOptions. If another program compiles it, ${NAME_OUTPUT}.`,
    },
  ],
  [
    'and made where there is',
    () => compiled(tscProject({ ...RIGHT, 'src/main.js': '', 'tsconfig.json': '{}' })),
    { output: 'src/main.js', errors: [] },
  ],
  [
    'the script build names the configuration',
    () =>
      compiled(
        tscProject(
          {
            ...RIGHT,
            ...configs,
            ...manifest({ scripts: { build: 'tsc -p tsconfig.build.json' } }),
          },
          { noEmit: true },
        ),
      ),
    { output: 'built/src/main.js', errors: [] },
  ],
  [
    'and "toru" in package.json has the last word',
    () =>
      compiled(
        tscProject(
          {
            ...RIGHT,
            ...configs,
            ...manifest({ scripts: { build: 'tsup' }, toru: { tsconfig: 'tsconfig.build.json' } }),
          },
          { noEmit: true },
        ),
      ),
    { output: 'built/src/main.js', errors: [] },
  ],
  [
    'what another program compiles is not compiled by tsc',
    () => compiled(tscProject({ ...RIGHT, ...manifest({ scripts: { build: 'tsup' } }) })),
    {
      failed:
        'the script "build" compiles <root>/src/main.ts with tsup, and what tsc makes of it may do something else',
      hint: `Run the script, and ${NAME_OUTPUT}. If tsc compiles it, too: "toru": { "tsconfig": "tsconfig.json" }.`,
    },
  ],
  [
    'a file that is not compiled is refused, although an old output of it is there',
    () =>
      compiled(
        tscProject({
          'src/main.ts': 'export {}',
          'other/main.ts': 'export {}',
          'dist/other/main.js': 'stale()',
        }),
        'other/main.ts',
      ),
    {
      failed: '<root>/other/main.ts is not among the files that <here>/tsconfig.json compiles',
      hint: 'Add it to "include" or "files" there, or name the right configuration in package.json: "toru": { "tsconfig": "tsconfig.build.json" }.',
    },
  ],
  [
    'a file that only another one imports is compiled with it',
    () =>
      compiled(
        tscProject({ 'src/main.ts': "import '../other/main.js'", 'other/main.ts': 'export {}' }),
        'other/main.ts',
      ),
    { output: 'dist/other/main.js', errors: [] },
  ],
  [
    'a project is built with those that it refers to',
    () => compiled(tscProject(WORKSPACE), 'plugin/src/main.ts'),
    { output: 'out/src/main.js', errors: [] },
  ],
  [
    'a tsconfig.json that cannot be read is told as tsc tells it',
    () => compiled(tscProject({ ...RIGHT, 'tsconfig.json': '{ "extends": "./nowhere.json" }' })),
    {
      failed:
        "<root>/tsconfig.json cannot be used: TS5083: Cannot read file '<root>/nowhere.json'.",
      hint: 'Correct the file.',
    },
  ],
  [
    'a package.json that cannot be read is told',
    () => compiled(tscProject({ ...RIGHT, 'package.json': '{ "toru": { "entry": 1 } }' })),
    {
      failed:
        '<root>/package.json cannot be read: expected "toru" with "entry" and "tsconfig", and "scripts", all of them strings',
      hint: 'Correct the file.',
    },
  ],
  [
    'a project without a compiler is told to install one',
    () => compiled(project({ ...RIGHT, 'tsconfig.json': '{}' })),
    {
      failed: 'typescript is not installed in <root>, and it has TypeScript to compile',
      hint: 'npm install --save-dev typescript',
    },
  ],
]

// One after the other: a compiler uses all processors.
for (const [title, make, expected] of CASES)
  test.serial(title, async t => t.deepEqual(await make(), expected))
