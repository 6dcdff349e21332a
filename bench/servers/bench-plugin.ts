import * as t from 'io-ts'
import { Get, type HttpRequest, json, memoryKv, Plugin, Post, text } from 'toru-plugin-api'

const Disk = t.type({ mount: t.string, total: t.number, used: t.number })
const State = t.union([t.literal('running'), t.literal('stopped'), t.literal('failed')])
const Service = t.type({ name: t.string, state: State, pid: t.number, memory: t.number })
const Report = t.type({
  host: t.string,
  at: t.string,
  uptime: t.number,
  load: t.array(t.number),
  disks: t.array(Disk),
  services: t.array(Service),
  labels: t.record(t.string, t.string),
  note: t.string,
})

// Without the watchdog, which is a thread, the memory of that thread can be measured.
const stallTimeout = Number(process.env.BENCH_STALL_TIMEOUT ?? 20_000)

/** The work of the bench as a plugin. */
@Plugin(
  {
    id: 'bench',
    name: 'Bench',
    version: '1.0.0',
    author: 'Your Name',
    icon: '📏',
    route: '/bench',
  },
  { kv: memoryKv(), stallTimeout },
)
export class Bench {
  @Get('/')
  hello() {
    return json({ status: 'ok', message: 'Hello from plugin!' })
  }

  @Post('/reports', { body: Report })
  report({ body }: HttpRequest<{ body: t.TypeOf<typeof Report> }>) {
    return json({ host: body.host, services: body.services.length }, 201)
  }

  @Post('/large')
  large({ body }: HttpRequest) {
    return text(body ?? '')
  }
}
