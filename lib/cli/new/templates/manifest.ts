import { FIRST_VERSION, isVendored, type Plan, packageNameFor } from '../plan.js'

/**
 * What a project installs besides `toru-plugin-api`. Its test runner is that of Node.js, so there
 * is none to keep up to date.
 */
const DEPENDENCIES = { 'fp-ts': '^2.16.11', 'io-ts': '^2.2.22' }
const DEV_DEPENDENCIES = { '@types/node': '^20.19.0', typescript: '^7.0.2' }

/** `package.json` */
export const manifest = ({ id, frontend, api }: Plan): string =>
  json({
    name: packageNameFor(id),
    version: FIRST_VERSION,
    private: true,
    type: 'module',
    engines: { node: '>=20.19' },
    scripts: {
      build: frontend ? 'tsc && npm run --silent client && tsc -p frontend' : 'tsc',
      ...(frontend ? { client: 'toru-plugin routes dist/main.js --client' } : {}),
      test: 'npm run --silent build && node --test dist/*.test.js',
      dev: 'toru-plugin dev',
      pack: 'toru-plugin pack',
      check: `toru-plugin check packed/${id}.binary`,
    },
    dependencies: { ...DEPENDENCIES, 'toru-plugin-api': api },
    devDependencies: DEV_DEPENDENCIES,
  })

/** `tsconfig.json`. The two kinds of decorators differ in `experimentalDecorators` only. */
export const tsconfig = ({ decorators }: Plan): string =>
  json({
    compilerOptions: {
      rootDir: 'src',
      outDir: 'dist',
      sourceMap: true,
      target: 'es2022',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      verbatimModuleSyntax: true,
      ...(decorators === 'legacy' ? { experimentalDecorators: true } : {}),
    },
    include: ['src'],
  })

/** `frontend/tsconfig.json`: checks types for a browser. `toru-plugin pack` makes the bundle. */
export const frontendTsconfig = (): string =>
  json({
    compilerOptions: {
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2022', 'dom', 'dom.iterable'],
      types: [],
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
    },
    include: ['.'],
  })

/**
 * `.gitignore`. It keeps what `npm ci` needs, whatever is ignored above this folder or by its
 * user.
 */
export const gitignore = (plan: Plan): string =>
  [
    'node_modules/',
    'dist/',
    'packed/',
    ...(isVendored(plan) ? ['!vendor/', '!vendor/*.tgz'] : []),
    '',
  ].join('\n')

/** JSON as formatters leave it: arrays of plain values on one line. */
const json = (value: unknown): string =>
  `${JSON.stringify(value, null, 2).replace(PLAIN_ARRAY, (_, items: string) => oneLine(items))}\n`

const PLAIN_ARRAY = /\[\s+([^[\]{}]*?)\s+\]/g

const oneLine = (items: string): string => `[${items.replace(/\s*\n\s*/g, ' ')}]`
