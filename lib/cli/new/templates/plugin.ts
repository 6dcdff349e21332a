import { classNameFor, FIRST_VERSION, type Plan } from '../plan.js'
import { literal } from './literal.js'

/** `src/plugin.ts`: the class, apart from its registration so that tests can import it. */
export const pluginFile = (plan: Plan): string => `import {
  Get,
  type HttpRequest,
  json,
  Kv,
  type KvOperation,
  notFound,
  OnInit,
  Plugin,
  type PluginContext,
  Post,
} from 'toru-plugin-api'
import { pipe, TE, t } from 'toru-plugin-api/fp'

/** The body of POST /greetings, which is also what is stored. */
export const Greeting = t.type({ name: t.string, text: t.string }, 'Greeting')
export type Greeting = t.TypeOf<typeof Greeting>

const Theme = t.keyof({ dark: null, light: null }, 'Theme')
type Theme = t.TypeOf<typeof Theme>

/** Each greeting has a key of its own in the plugin's store, which survives restarts. */
const PREFIX = 'greeting/'
const greetingFor = (ctx: PluginContext, name: string) => ctx.kv.cell(PREFIX + name, Greeting)

@Plugin({
  id: ${literal(plan.id)},
  name: ${literal(plan.name)},
  version: ${literal(FIRST_VERSION)},${author(plan)}
  icon: ${literal(plan.icon)},
  route: ${literal(plan.route)},
})
export class ${classNameFor(plan.id)} {
  /** Runs once, before the first request is answered. */
  @OnInit
  ready(ctx: PluginContext) {
    ctx.log.info('ready')
    return greetingFor(ctx, 'world').set({ name: 'world', text: 'Hello, world!' })
  }

  /** The names of all greetings. A value that does not fit the response codec does not compile. */
  @Get('/', { response: t.array(t.string) })
  list(_req: HttpRequest, ctx: PluginContext) {
    return pipe(
      ctx.kv.keys(PREFIX),
      TE.map(keys => keys.map(key => key.slice(PREFIX.length))),
    )
  }

  @Get('/greetings/:name', { response: Greeting })
  read(req: HttpRequest<{ params: { name: string } }>, ctx: PluginContext) {
    const { name } = req.params
    return pipe(
      greetingFor(ctx, name).get,
      TE.chain(TE.fromOption(() => notFound(\`there is no greeting for \${name}\`))),
    )
  }

  /** A body that does not fit the codec gets a 400 with the reasons; this is not called. */
  @Post('/greetings', { body: Greeting, response: Greeting })
  create(req: HttpRequest<{ body: Greeting }>, ctx: PluginContext) {
    return pipe(
      greetingFor(ctx, req.body.name).set(req.body),
      TE.map(() => json(req.body, 201)),
    )
  }

  /** A key with rules of its own: it takes only two values, and always has one. */
  @Kv('theme', Theme)
  theme(op: KvOperation<Theme>, ctx: PluginContext) {
    const cell = ctx.kv.cell('theme', Theme)
    if (op.action === 'set') return cell.set(op.value)
    return op.action === 'delete' ? cell.delete : cell.getOrElse(() => 'light' as const)
  }
}
`

const author = (plan: Plan): string =>
  plan.author === '' ? '' : `\n  author: ${literal(plan.author)},`

/** `src/main.ts`: what the host runs. */
export const mainFile = ({ id }: Plan): string => `import { registerPlugin } from 'toru-plugin-api'
import { ${classNameFor(id)} } from './plugin.js'

registerPlugin(new ${classNameFor(id)}())
`

/** `src/plugin.test.ts` */
export const testFile = ({ id }: Plan): string => {
  const name = classNameFor(id)
  return `import assert from 'node:assert/strict'
import test from 'node:test'
import { jsonAs, testPlugin } from 'toru-plugin-api/testing'
import { Greeting, ${name} } from './plugin.js'

test('there is a greeting from the beginning', async t => {
  const plugin = testPlugin(new ${name}())
  t.after(plugin.close)
  const { status, json } = await plugin.get('/greetings/world')
  assert.equal(status, 200)
  assert.deepEqual(json, { name: 'world', text: 'Hello, world!' })
})

test('a greeting is kept', async t => {
  const plugin = testPlugin(new ${name}())
  t.after(plugin.close)
  const created = await plugin.post('/greetings', { name: 'Zoë', text: 'Good morning' })
  assert.equal(created.status, 201)
  const greeting = await plugin.get('/greetings/Zoë').then(jsonAs(Greeting))
  assert.equal(greeting.text, 'Good morning')
  assert.deepEqual((await plugin.get('/')).json, ['Zoë', 'world'])
})

test('what does not fit is refused with the reason', async t => {
  const plugin = testPlugin(new ${name}())
  t.after(plugin.close)
  const refused = await plugin.post('/greetings', { name: 'Zoë' })
  assert.equal(refused.status, 400)
  assert.equal(refused.error?.message, 'body.text: expected string, got nothing')
  assert.equal((await plugin.get('/greetings/Zoë')).status, 404)
})

test('the theme is one of two', async t => {
  const plugin = testPlugin(new ${name}())
  t.after(plugin.close)
  assert.equal(await plugin.kv.get('theme'), 'light')
  await plugin.kv.set('theme', 'dark')
  await assert.rejects(plugin.kv.set('theme', 'purple'))
  assert.equal(await plugin.kv.get('theme'), 'dark')
})
`
}
