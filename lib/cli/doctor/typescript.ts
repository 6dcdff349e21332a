import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { endInWords } from '../../plugin-process/spawn-process.js'
import { removeTemporaryFolder, temporaryFolder } from '../../plugin-process/temporary-folder.js'
import { compilerOutput, configurationErrors } from '../compile/diagnostics.js'
import { type TypeScript, typeScriptOf } from '../compile/typescript.js'
import { isAtLeast } from '../node-version.js'
import { type Finding, reporter } from './finding.js'
import { type JsonObject, readJson } from './json-file.js'
import { compilerOptions } from './tsconfig.js'

const { ok, warning, error } = reporter('typescript')

/** The oldest TypeScript that reads the types of this package. */
const OLDEST = '5.2.0'
/** The first with `--noCheck`, which leaves out what takes long. */
const NO_CHECK = '5.5.0'

const INSTALL = 'npm install --save-dev typescript'
const TIMEOUT = 60_000

/**
 * Asks the compiler that a project has installed what it thinks of the tsconfig.json of the project
 * and of its frontend. The files of the project are not checked, and nothing is written.
 */
export const typescriptFindings = async (directory: string): Promise<ReadonlyArray<Finding>> => {
  const files = ['.', 'frontend']
    .map(name => join(resolve(directory), name, 'tsconfig.json'))
    .filter(file => existsSync(file))
  const [first] = files
  if (first === undefined) return []
  const found = typeScriptOf(dirname(first))
  if (E.isLeft(found)) return [missing(directory)]
  const { version } = found.right
  if (!isAtLeast(version, OLDEST))
    return [
      error(
        `TypeScript ${version} cannot read the types of toru-plugin-api, which need ${OLDEST} or newer`,
        `${INSTALL}@latest`,
      ),
    ]
  const findings = await Promise.all(files.map(file => refusals(found.right, file)))
  return findings.every(({ length }) => length === 0)
    ? [ok(`TypeScript ${version} accepts ${files.join(' and ')}`)]
    : findings.flat()
}

/** Without it a project that is only packed is fine: esbuild compiles it. */
const missing = (directory: string): Finding => {
  const manifest = readJson(resolve(directory, 'package.json'), false)
  const scripts = JSON.stringify(E.isRight(manifest) ? (manifest.right.scripts ?? {}) : {})
  return (/\btsc\b/.test(scripts) ? error : warning)(
    'typescript is not installed: nothing finds a wrong type, and npx tsc runs another package',
    INSTALL,
  )
}

const refusals = async (
  { version, command }: TypeScript,
  file: string,
): Promise<ReadonlyArray<Finding>> => {
  const options = compilerOptions(file)
  // Another check says why the file cannot be read.
  if (E.isLeft(options)) return []
  const folder = temporaryFolder('doctor')
  const ran = await runProcess(
    [
      ...command,
      '-p',
      file,
      '--pretty',
      'false',
      ...(isAtLeast(version, NO_CHECK) ? ['--noCheck'] : []),
      ...outputTo(folder, options.right),
    ],
    { timeout: TIMEOUT, cwd: dirname(file) },
  )
  removeTemporaryFolder(folder)
  const messages = messagesIn(`${ran.stdout}${ran.stderr}`)
  if (ran.code !== 0 && messages.length === 0 && !/error TS\d+/.test(ran.stdout))
    return [
      error(
        `TypeScript ${version} cannot be run: ${ran.stderr.trim().split('\n').at(-1) || endInWords(ran)}`,
        'rm -rf node_modules && npm install',
      ),
    ]
  return messages.map(({ code, text }) =>
    error(
      `TypeScript ${version} refuses ${file}, and so compiles nothing: ${text}`,
      mendOf(code, text),
    ),
  )
}

/** Lets the compiler write elsewhere or nothing. What it says of `rootDir` needs an output. */
const outputTo = (folder: string, options: JsonObject): ReadonlyArray<string> => {
  if (options.noEmit === true) return []
  if (typeof options.outDir !== 'string') return ['--noEmit']
  return [
    ...['--outDir', folder],
    ...(typeof options.declarationDir === 'string' ? ['--declarationDir', folder] : []),
    ...(options.incremental === true || options.composite === true
      ? ['--tsBuildInfoFile', join(folder, 'tsbuildinfo')]
      : []),
  ]
}

interface Message {
  readonly code: string
  readonly text: string
}

/** What the compiler says of its configuration, and not of a file with code. */
const messagesIn = (output: string): ReadonlyArray<Message> =>
  configurationErrors(compilerOutput(output.split('\n')))
    .flatMap(({ text }) => {
      const [, code, reason] = /^TS(\d+): ([\s\S]*)$/.exec(text) ?? []
      return code === undefined || reason === undefined
        ? []
        : [{ code, text: `TS${code}: ${shortened(reason)}` }]
    })
    // The check of tsconfig.json says more about it.
    .filter(({ text }) => !/moduleResolution=/.test(text))

/** The longest message names every library. */
const MAX_TEXT = 300

const shortened = (text: string): string => {
  const line = text
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .replace(/\.$/, '')
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)} …` : line
}

/** What to write in the place of values that were removed. */
const TODAY: Readonly<Record<string, string>> = {
  target: 'Set "target": "es2022".',
  module: 'Set "module": "nodenext".',
}

const mendOf = (code: string, text: string): string => {
  const [, name = '', value] = /'(\w+)(?:=([^']*))?'/.exec(text) ?? []
  switch (code) {
    case '5011':
      return `Set "rootDir": "${/ is '([^']*)'/.exec(text)?.[1] ?? './src'}", so that the output is not in dist/src.`
    case '5101':
    case '5102':
    case '5107':
    case '5108':
      return (value === undefined ? undefined : TODAY[name]) ?? `Remove "${name}".`
    case '2688':
      return `npm install --save-dev @types/${/for '([^']*)'/.exec(text)?.[1] ?? 'node'}`
    case '18003':
      return 'Put the plugin into src/main.ts, or correct "include".'
    default:
      return 'Correct that; npx tsc -p . shows it again.'
  }
}
