import { messageOf } from '../../domain/thrown.js'
import { type Finding, reporter } from './finding.js'

const { ok, error } = reporter('esbuild')

/** Checks what compiles TypeScript for `pack`, `dev`, `routes` and `call`: a native program. */
export const esbuildFindings = async (): Promise<ReadonlyArray<Finding>> => {
  try {
    const { transform, version } = await import('esbuild')
    await transform('')
    return [ok(`esbuild ${version}`)]
  } catch (thrown) {
    return [
      error(
        `esbuild cannot be run, and without it toru-plugin compiles nothing: ${messageOf(thrown).split('\n')[0]}`,
        'rm -rf node_modules && npm install',
      ),
    ]
  }
}
