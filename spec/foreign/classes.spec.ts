import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { transform } from 'esbuild'
import { bin, command, makeProject } from '../support/packed-project.js'

// Classes as people write them: a base class from a package and a plugin that extends it, each
// compiled in one way or another, and classes and objects that are not plain. Cases of:
// https://github.com/nestjs/nest/issues/3457 (overrides and their decorators)
// https://github.com/samchon/nestia/issues/1575 (a subclass changes its base class's notes)
// https://github.com/microsoft/TypeScript/issues/59081 (metadata of an override)
// https://github.com/evanw/esbuild/issues/3781 (metadata of a class without a decorator of its own)
// https://github.com/microsoft/reflect-metadata/issues/62 (siblings pollute one another)
// https://github.com/microsoft/reflect-metadata/pull/117 (a decorator returns a proxy of the class)
// https://github.com/inversify/inversify-restify-utils/pull/315 (a proxy of the object)
// https://github.com/pustovitDmytro/logger-decorator/issues/124 (a decorator replaces the method)

/** Middleware that leaves its name, and decorators of somebody else, for both kinds. */
const TOOLS = `
import { Use } from 'toru-plugin-api'
export const guard = name => Use(next => async (req, ctx) => {
  const result = await next(req, ctx)
  if (result._tag === 'Left') return result
  return { ...result.right, body: JSON.stringify(name + '(' + JSON.parse(result.right.body) + ')') }
})
export const wrap = (target, context, descriptor) => {
  const around = method => function (...args) { return method.apply(this, args) }
  return descriptor === undefined
    ? around(target)
    : { ...descriptor, value: around(descriptor.value) }
}
export const proxied = target => new Proxy(target, {})
export const extended = target => class extends target {}
export const constructedBy = target => {
  function Wrapper(...args) { return Reflect.construct(target, args) }
  Wrapper.prototype = target.prototype
  Object.setPrototypeOf(Wrapper, target)
  return Wrapper
}
`

const BASE = `
import { Get } from 'toru-plugin-api'
import { guard, wrap } from './tools.js'
export class Base {
  @Get('/list') list() { return 'base' }
  @wrap @Get('/wrapped') wrapped() { return 'base' }
  @Get('/between') @wrap @guard('base') between() { return 'base' }
  @guard('base') @Get('/kept') kept() { return 'base' }
  @Get('/base') only() { return 'base' }
}
`

const plugin = (decorators: string, base = 'Base'): string => `
import { Get, Plugin } from 'toru-plugin-api'
import { constructedBy, extended, guard, proxied, wrap } from './tools.js'
import { Base } from './base.js'
const PLUGIN = Plugin({ id: 'p', name: 'P', version: '1.0.0', icon: 'x', route: '/p' })
const mixin = Parent => class extends Parent {}
const Sibling = (() => {
  class Sibling extends Base {
    @guard('sibling') @Get('/list') list() { return 'sibling' }
    @guard('sibling') @Get('/base') only() { return 'sibling' }
  }
  return Sibling
})()
${decorators}
class P extends ${base} {
  @guard('own') @Get('/list') list() { return 'own' }
  @wrap @guard('own') @Get('/wrapped') wrapped() { return 'own' }
  @Get('/between') @wrap @guard('own') between() { return 'own' }
  kept() { return 'own' }
  @Get('/own') own() { return 'own' }
}
export { P, Sibling }
`

/** What each of these plugins answers: an override's guard counts, and the base's own is kept. */
const ANSWERS = {
  '/list': 'own(own)',
  '/wrapped': 'own(own)',
  '/between': 'own(own)',
  '/kept': 'base(own)',
  '/base': 'base',
  '/own': 'own',
}

/** The ways in which the class of a plugin is made. */
const CLASSES = {
  plain: plugin('@PLUGIN'),
  'from a mixin': plugin('@PLUGIN', 'mixin(mixin(Base))'),
  'replaced by a proxy, then noted': plugin('@PLUGIN @proxied'),
  'noted, then replaced by a proxy': plugin('@proxied @PLUGIN'),
  'replaced by a subclass, then noted': plugin('@PLUGIN @extended'),
  'noted, then replaced by a subclass': plugin('@extended @PLUGIN'),
  'replaced by a function, then noted': plugin('@PLUGIN @constructedBy'),
  'noted, then replaced by a function': plugin('@constructedBy @PLUGIN'),
  'from a base that a proxy replaces': plugin('@PLUGIN', 'proxied(Base)'),
}

/** Asks every pair that stands in the folder, with its objects made in three ways. */
const DRIVER = `
import { testPlugin } from 'toru-plugin-api/testing'
if (process.argv[2] === 'half-way') Symbol.metadata = Symbol('Symbol.metadata')
const OBJECTS = {
  'new P()': P => new P(),
  'new Proxy(new P(), {})': P => new Proxy(new P(), {}),
  'Object.create(P.prototype)': P => Object.create(P.prototype),
}
const wrong = []
let count = 0
for (const pair of JSON.parse(process.argv[3])) {
  const { P } = await import('./' + pair + '/plugin.js')
  for (const [how, make] of Object.entries(OBJECTS)) {
    const got = {}
    const tested = testPlugin(make(P))
    for (const path of Object.keys(JSON.parse(process.argv[4]))) {
      const { status, body } = await tested.get(path)
      got[path] = status === 200 ? JSON.parse(body) : status
    }
    count++
    if (JSON.stringify(got) !== process.argv[4]) wrong.push({ pair, how, got })
    await tested.shutdown()
  }
}
console.log(JSON.stringify({ count, wrong }))
process.exit()
`

/** The compilers, each by the folder of its output. */
const COMPILERS = ['tsc', 'tsc-legacy', 'esbuild', 'esbuild-legacy'] as const
type Compiler = (typeof COMPILERS)[number]

test('a plugin answers the same, however it and its base class were compiled and made', async t => {
  const sources = Object.entries(CLASSES).map(
    ([, text], index) => [`plugin-${index}`, text] as const,
  )
  const files = new Map([['tools', TOOLS], ['base', BASE], ...sources])
  const folder = await makeProject(
    { type: 'module' },
    Object.fromEntries([...files].map(([name, text]) => [`${name}.js`, text])),
  )
  const compile = async (compiler: Compiler): Promise<void> => {
    const experimentalDecorators = compiler.endsWith('legacy')
    const compilerOptions = {
      ...{ target: 'es2022', module: 'nodenext', allowJs: true, noCheck: true, types: [] },
      ...{ skipLibCheck: true, experimentalDecorators, outDir: compiler, rootDir: '.' },
    }
    if (compiler.startsWith('tsc')) {
      const config = { compilerOptions, files: [...files.keys()].map(name => `${name}.js`) }
      await writeFile(join(folder, `${compiler}.json`), JSON.stringify(config))
      const { code, stdout } = await command(bin('tsc'), ['-p', `${compiler}.json`], folder)
      t.is(code, 0, stdout)
      return
    }
    await mkdir(join(folder, compiler))
    for (const [name, text] of files) {
      const tsconfigRaw = { compilerOptions: { experimentalDecorators } }
      // Only in TypeScript does esbuild know the older kind.
      const { code } = await transform(text, { loader: 'ts', target: 'es2022', tsconfigRaw })
      await writeFile(join(folder, compiler, `${name}.js`), code)
    }
  }
  await Promise.all(COMPILERS.map(compile))
  const pairs: string[] = []
  for (const base of COMPILERS)
    for (const own of COMPILERS)
      for (const [name] of sources) {
        const pair = `${base}+${own}+${name}`
        pairs.push(pair)
        await mkdir(join(folder, pair))
        await copyFile(join(folder, base, 'base.js'), join(folder, pair, 'base.js'))
        await copyFile(join(folder, own, `${name}.js`), join(folder, pair, 'plugin.js'))
        await copyFile(join(folder, 'tools.js'), join(folder, pair, 'tools.js'))
      }
  await writeFile(join(folder, 'driver.js'), DRIVER)
  for (const how of ['from the start', 'half-way']) {
    const args = ['driver.js', how, JSON.stringify(pairs), JSON.stringify(ANSWERS)]
    const ran = await command(process.execPath, args, folder)
    t.is(ran.code, 0, ran.stderr)
    t.deepEqual(JSON.parse(ran.stdout), { count: pairs.length * 3, wrong: [] }, how)
  }
})
