import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Finding, reporter } from './finding.js'
import type { JsonObject } from './json-file.js'
import { compilerOptions } from './tsconfig.js'

const { ok, warning, error } = reporter('tsconfig')

/**
 * Checks the tsconfig.json of a directory. `type` is that of the package.json: `module` or
 * `commonjs`.
 */
export const compilerFindings = (directory: string, type: string): ReadonlyArray<Finding> => {
  const file = join(directory, 'tsconfig.json')
  const options = compilerOptions(file)
  if (E.isRight(options)) return judged(options.right, type)
  return options.left.missing
    ? [ok(`${file} does not exist: nothing to compile`)]
    : [error(`${options.left.file} cannot be read: ${options.left.reason}`, 'Correct the file.')]
}

const judged = (options: JsonObject, type: string): ReadonlyArray<Finding> => [
  ...decoratorFindings(options),
  ...moduleFindings(options, type),
  ...resolutionFindings(options),
]

const lower = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '')

const decoratorFindings = ({
  experimentalDecorators,
  emitDecoratorMetadata,
  target,
  noEmit,
}: JsonObject): ReadonlyArray<Finding> => {
  const legacy = experimentalDecorators === true
  // With the target esnext tsc leaves decorators in its output, and Node.js has none.
  const unsupported = !legacy && lower(target) === 'esnext' && noEmit !== true
  return [
    unsupported
      ? error(
          '"target": "esnext" leaves decorators in the JavaScript, and Node.js cannot run them',
          'Set "target": "es2022".',
        )
      : ok(legacy ? 'legacy decorators (experimentalDecorators)' : 'standard decorators'),
    ...(emitDecoratorMetadata === true
      ? [
          legacy
            ? warning(
                'emitDecoratorMetadata is on, and nothing uses its output',
                'Remove "emitDecoratorMetadata".',
              )
            : error(
                'emitDecoratorMetadata is on without experimentalDecorators, which tsc refuses',
                'Remove "emitDecoratorMetadata".',
              ),
        ]
      : []),
  ]
}

const NODE_MODULES = /^node(16|18|20|next)$/
const ES_MODULES = /^(es(6|20\d\d|next)|preserve)$/

const moduleFindings = ({ module, noEmit }: JsonObject, type: string): ReadonlyArray<Finding> => {
  const kind = lower(module)
  if (NODE_MODULES.test(kind))
    return [ok(`"module": "${kind}" follows "type": "${type}" of package.json`)]
  if (noEmit === true)
    return [
      ok(
        'tsc emits nothing ("noEmit"): the tool that bundles or runs the files decides ' +
          'their module type',
      ),
    ]
  const mend = 'Set "module": "nodenext", which follows the "type" of package.json.'
  if (kind === '')
    return [warning('"module" is not set, and its default differs between versions of tsc', mend)]
  if (ES_MODULES.test(kind)) {
    return type === 'module'
      ? [ok(`"module": "${kind}" with "type": "module"`)]
      : [
          error(
            `"module": "${kind}" emits ES modules, and package.json says "type": "${type}"`,
            `Set "type": "module" in package.json, or: ${mend}`,
          ),
        ]
  }
  return type === 'module'
    ? [error(`"module": "${kind}" emits CommonJS, and package.json says "type": "module"`, mend)]
    : [ok(`"module": "${kind}" with "type": "${type}"`)]
}

const OLD_RESOLUTION = /^(classic|node|node10)$/

const resolutionFindings = ({
  moduleResolution,
  module,
  noEmit,
}: JsonObject): ReadonlyArray<Finding> => {
  const kind = lower(moduleResolution)
  if (OLD_RESOLUTION.test(kind)) {
    return [
      error(
        `"moduleResolution": "${kind}" cannot resolve toru-plugin-api/fp and the other ` +
          'exports of the package',
        'Remove "moduleResolution" and set "module": "nodenext".',
      ),
    ]
  }
  return kind === 'bundler' && noEmit !== true && !NODE_MODULES.test(lower(module))
    ? [
        warning(
          '"moduleResolution": "bundler" accepts imports that Node.js does not find, such ' +
            "as './note' without its .js",
          'Set "module": "nodenext" if the output of tsc is run as it is. With a bundler ' +
            'this is fine.',
        ),
      ]
    : []
}
