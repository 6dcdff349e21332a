import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type BuildContext, context } from 'esbuild'
import type { Launch } from '../../devhost/process/launch.js'
import { externalPackages } from '../entry.js'
import { isBuildFailure } from '../pack/bundle.js'
import type { Project } from '../pack/project.js'
import { buildError } from './build-errors.js'
import type { Builder, Built } from './builder.js'

/**
 * Builds the backend of a project. Installed packages are not bundled, so a rebuild takes a few
 * milliseconds.
 */
export const backendBuilder = async (
  project: Project,
  source: string,
  name: string,
  inspect: number | undefined,
): Promise<Builder> => {
  const cwd = process.cwd()
  const builder: BuildContext<{ write: false; metafile: true }> = await context({
    entryPoints: [project.entry],
    absWorkingDir: cwd,
    outfile: 'plugin.mjs',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    sourceRoot: cwd,
    logLevel: 'silent',
    plugins: [externalPackages],
  })
  let made = 0
  let last = ''
  return {
    entry: project.entry,
    build: async (folder, begun) => {
      try {
        const { outputFiles, metafile } = await builder.rebuild()
        const text = outputFiles[0]?.text ?? ''
        const inputs = Object.keys(metafile.inputs).map(path => resolve(cwd, path))
        if (text === last) return { inputs, event: undefined }
        last = text
        const file = join(folder, `${name}.${++made}.mjs`)
        await writeFile(file, text)
        return {
          inputs,
          event: {
            _tag: 'Backend',
            launch: launchOf(file, source, inspect),
            took: Date.now() - begun,
          },
        }
      } catch (thrown) {
        last = ''
        return failed(thrown, cwd, begun)
      }
    },
    stop: () => builder.dispose(),
  }
}

/** With source maps, so that stacks show the author's files. */
const launchOf = (file: string, source: string, inspect: number | undefined): Launch => {
  const node = [process.execPath, '--enable-source-maps'] as const
  return {
    command: [...node, file],
    ...(inspect === undefined
      ? {}
      : { serving: [...node, `--inspect=127.0.0.1:${inspect}`, file] }),
    source,
  }
}

const failed = (thrown: unknown, cwd: string, begun: number): Built => {
  const errors = isBuildFailure(thrown) ? thrown.errors : []
  const found = errors.map(buildError('backend'))
  const other = {
    half: 'backend',
    text: String(thrown),
    file: null,
    line: null,
    column: null,
    lineText: null,
  } as const
  return {
    inputs: errors.flatMap(({ location }) =>
      location === null ? [] : [resolve(cwd, location.file)],
    ),
    event: {
      _tag: 'Failed',
      half: 'backend',
      errors: found.length > 0 ? found : [other],
      took: Date.now() - begun,
    },
  }
}
