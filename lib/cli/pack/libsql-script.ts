import { build, type Plugin } from 'esbuild'

/**
 * The JavaScript of the package libsql as one function body over `require` and `module`. Its
 * `require` is asked for the native part alone, whatever the system is.
 */
export const libsqlScript = async (entry: string): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'silent',
    plugins: [withoutDetection],
  })
  return outputFiles[0]?.text ?? ''
}

/** The packages that find out which native part is for this system. */
const DETECTION: Readonly<Record<string, string>> = {
  '@neon-rs/load': 'exports.currentTarget = () => "here"',
  'detect-libc': 'exports.familySync = () => null',
}

const withoutDetection: Plugin = {
  name: 'without-detection',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(DETECTION).join('|')})$`)
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'detection' }))
    onLoad({ filter, namespace: 'detection' }, ({ path }) => ({ contents: DETECTION[path] ?? '' }))
  },
}
