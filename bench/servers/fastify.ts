// Fastify over the same kind of socket: HTTP/1.1, with JSON Schemas for what comes in and what goes
// out, as its documentation advises.
import { fastify } from 'fastify'

const text = { type: 'string' }
const number = { type: 'number' }
const strict = (properties: Readonly<Record<string, unknown>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})
const state = { enum: ['running', 'stopped', 'failed'] }

const report = strict({
  host: text,
  at: text,
  uptime: number,
  load: { type: 'array', items: number },
  disks: { type: 'array', items: strict({ mount: text, total: number, used: number }) },
  services: { type: 'array', items: strict({ name: text, state, pid: number, memory: number }) },
  labels: { type: 'object', additionalProperties: text },
  note: text,
})

interface Report {
  readonly host: string
  readonly services: ReadonlyArray<unknown>
}

interface KvRequest {
  readonly action: 'Get' | 'Set'
  readonly key: string
  readonly value: string | null
}

const app = fastify({ bodyLimit: 4 * 1024 * 1024 })
const store = new Map<string, string | null>()

app.get(
  '/',
  { schema: { response: { 200: strict({ status: text, message: text }) } } },
  async () => ({
    status: 'ok',
    message: 'Hello from plugin!',
  }),
)

app.post<{ Body: Report }>(
  '/reports',
  { schema: { body: report, response: { 201: strict({ host: text, services: number }) } } },
  async ({ body }, reply) =>
    reply.code(201).send({ host: body.host, services: body.services.length }),
)

app.post<{ Body: KvRequest }>(
  '/kv',
  {
    schema: {
      body: strict({
        action: { enum: ['Get', 'Set'] },
        key: text,
        value: { type: 'string', nullable: true },
      }),
    },
  },
  async ({ body }) => {
    if (body.action === 'Get') return { value: store.get(body.key) ?? null }
    store.set(body.key, body.value)
    return { value: null }
  },
)

app.post<{ Body: string }>('/large', async ({ body }) => body)

await app.listen({ path: process.env.TORU_PLUGIN_SOCKET ?? '' })
