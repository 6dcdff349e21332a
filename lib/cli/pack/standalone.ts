import { chmod, copyFile, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type RanProcess, runProcess } from '../../plugin-process/run-process.js'
import { endInWords } from '../../plugin-process/spawn-process.js'
import { guardianScript } from '../../runtime/supervision/guardian.js'
import { type CliError, failure } from '../cli-error.js'
import { isAtLeast } from '../node-version.js'
import type { Described } from './describe.js'
import { inTemporaryFolder } from './files.js'

/** The marker by which Node.js finds a program in itself, from its documentation. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** How long writing may take, in milliseconds: more than 100 MB, perhaps on a busy server. */
const WRITE_TIMEOUT = 120_000

/** The first Node.js with `--build-sea`. */
const BUILDS_SEA = '25.5'

/**
 * Makes a single executable application of a plugin and this Node.js, for servers of the same kind
 * of machine without Node.js. Node.js 25.5 and newer can do that; an older one needs the package
 * postject in the author's project.
 */
export const standaloneProgram = (
  code: string,
  described: Described,
  guardian: boolean,
): TaskEither<CliError, Uint8Array> =>
  inTemporaryFolder(async folder => {
    const program = join(folder, 'plugin')
    const config = {
      main: 'plugin.cjs',
      output: 'plugin.blob',
      disableExperimentalSEAWarning: true,
      useCodeCache: false,
      useSnapshot: false,
    }
    await writeFile(join(folder, 'plugin.cjs'), `${prelude(described, guardian)}${code}`)
    const made = isAtLeast(process.versions.node, BUILDS_SEA)
      ? await withBuildSea(folder, { ...config, output: 'plugin' })
      : await withPostject(folder, config, program)
    return E.isLeft(made) ? made : E.right(await readFile(program))
  })

const withBuildSea = async (folder: string, config: object): Promise<E.Either<CliError, void>> => {
  await writeFile(join(folder, 'sea.json'), JSON.stringify(config))
  const built = await runProcess([process.execPath, '--build-sea', 'sea.json'], {
    cwd: folder,
    timeout: WRITE_TIMEOUT,
  })
  return built.code === 0
    ? E.right(undefined)
    : E.left(failure(`Node.js cannot make the program: ${saidBy(built)}`, WITHOUT))
}

// In a process of its own: it prints warnings that do not concern an author.
const INJECT = `const [, postject, program, blob] = process.argv
require(postject).inject(program, 'NODE_SEA_BLOB', require('node:fs').readFileSync(blob), { sentinelFuse: '${FUSE}' })`

const withPostject = async (
  folder: string,
  config: object,
  program: string,
): Promise<E.Either<CliError, void>> => {
  const postject = findPostject()
  if (postject === undefined) {
    return E.left(
      failure(
        `--standalone needs Node.js ${BUILDS_SEA} or newer, or the package postject; this ` +
          `is Node.js ${process.version} without it`,
        'Run npm install --save-dev postject',
      ),
    )
  }
  await writeFile(join(folder, 'sea.json'), JSON.stringify(config))
  const blob = await runProcess([process.execPath, '--experimental-sea-config', 'sea.json'], {
    cwd: folder,
  })
  if (blob.code !== 0)
    return E.left(failure(`Node.js cannot prepare the program: ${saidBy(blob)}`, WITHOUT))
  await copyFile(process.execPath, program)
  await chmod(program, 0o755)
  const injected = await runProcess(
    [process.execPath, '-e', INJECT, postject, program, join(folder, 'plugin.blob')],
    { cwd: folder, timeout: WRITE_TIMEOUT },
  )
  return injected.code === 0
    ? E.right(undefined)
    : E.left(
        failure(
          `the plugin cannot be put into a copy of ${process.execPath}: ${saidBy(injected)}`,
          WITHOUT,
        ),
      )
}

const WITHOUT =
  'Pack without --standalone for servers with Node.js, or run this command with the Node.js of ' +
  'nodejs.org.'

const saidBy = (ran: RanProcess): string => ran.stderr.trim() || endInWords(ran)

/** Looks in the author's project first, then where this package is. */
const findPostject = (): string | undefined => {
  for (const from of [pathToFileURL(join(process.cwd(), 'package.json')), import.meta.url]) {
    try {
      return createRequire(from).resolve('postject')
    } catch {
      // Look in the next place.
    }
  }
  return undefined
}

/**
 * The code before the plugin. It prints the metadata at once, as the shell part of a script does.
 * If Node.js can replace itself with another program (22.15 and newer), it becomes the guardian, a
 * shell, which starts this program again as the plugin: so no second Node.js stays in memory.
 */
const prelude = ({ metadataText }: Described, guardian: boolean): string => `{
  const { argv, env } = process
  const execPath = argv[1] = require('node:fs').realpathSync(process.execPath)
  if (argv[2] === '--metadata') {
    require('node:fs').writeSync(1, ${JSON.stringify(metadataText)})
    process.exit(0)
  }
  if (${guardian} && argv.length === 2 && process.execve && Number(env.TORU_GUARDIAN) !== process.ppid && require('node:fs').existsSync('/bin/sh')) {
    process.removeAllListeners('warning')
    process.emitWarning = () => {}
    process.execve('/bin/sh', ['sh', '-c', ${JSON.stringify(guardianScript())}, 'sh', execPath], env)
  }
}
`
