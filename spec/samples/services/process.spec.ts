import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as E from 'fp-ts/lib/Either.js'
import { requestOnce } from '../../../lib/protocol.js'
import { startBinary } from '../../../lib/testing/index.js'
import { hostDatabase } from '../../kv/host/host-database.js'
import { drivers, testWith } from '../../kv/support.js'
import { connectHost } from '../../support/host.js'
import { http } from '../../support/messages.js'
import { gone, recorded, scene } from './systemd-scene.js'

const MAIN = fileURLToPath(new URL('../../../samples/services/main.js', import.meta.url))

for (const { name, driver, missing } of drivers.slice(0, 1)) {
  testWith(missing)(
    `as a process beside a panel: what is watched is in the panel’s table (${name})`,
    async t => {
      const machine = scene(t)
      const path = join(machine.folder, 'steering.db')
      if (driver !== undefined) hostDatabase(driver, path)
      const started = await startBinary(MAIN, {
        cwd: machine.folder,
        env: { ...machine.env, TORU_KV: undefined },
      })()
      if (E.isLeft(started)) return t.fail(started.left.message)
      const plugin = started.right
      t.teardown(() => plugin.child.kill('SIGKILL'))
      const ask = async (
        method: string,
        path: string,
      ): Promise<readonly [status: number, json: unknown]> => {
        const answer = await requestOnce(plugin.path, { method, path })()
        if (E.isLeft(answer)) throw new Error(answer.left.message)
        return [
          answer.right.status,
          answer.right.body === null ? null : JSON.parse(answer.right.body),
        ]
      }

      t.is((await ask('PUT', '/services/once/watched'))[0], 200)
      const connection = driver?.open(path, 'read-only')
      t.like(
        connection?.prepare(`SELECT key, value FROM plugin_kv WHERE plugin_id = 'systemd'`).all(),
        [{ key: 'watched_services', value: '["once.service"]' }],
      )
      connection?.close()

      // The path as the panel would send it for api.fetch('/services'), with and without the
      // plugin's route.
      for (const place of ['/services', '/systemd/services']) {
        const [status, json] = await ask('GET', place)
        t.is(status, 200)
        t.like(json, [{ name: 'once.service', status: 'running', sub_state: 'exited' }])
      }
      t.is((await ask('POST', '/services/once/stop'))[0], 200)
      t.is((await ask('POST', '/services/--help/stop'))[0], 400)
      machine.put('journal/once.service', recorded('journal.jsonl'))
      t.like(await ask('GET', '/services/once/logs?lines=2'), [
        200,
        [{ identifier: 'long' }, { identifier: 'raw' }],
      ])

      // The panel hangs up, and the command is killed.
      machine.put('hangs/start', '')
      const panel = await connectHost(plugin.path)
      panel.send(http('tagged', 'r', { method: 'POST', path: '/services/once/start' }))
      const pid = await machine.hanging()
      panel.destroy()
      await gone(pid)
      t.is((await plugin.stop()).code, 0)
      t.is(plugin.stdout(), '')
    },
  )
}
