import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { ClosableKvStore } from '../../lib/domain/kv-provider.js'
import { hostKv } from '../../lib/kv/host/host-kv.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { sqliteKv } from '../../lib/kv/sqlite/sqlite-kv.js'
import { hostDatabase } from './host/host-database.js'
import { placeOf } from './place.js'
import { storeContract } from './store-contract.js'
import { drivers, temporaryDirectory } from './support.js'

storeContract('memory', memoryKv)

const closing = (t: ExecutionContext, store: ClosableKvStore): ClosableKvStore => {
  t.teardown(() => store.close())
  return store
}

for (const { name, driver, missing } of drivers) {
  storeContract(
    `sqlite by ${name}`,
    t =>
      closing(
        t,
        sqliteKv({
          file: join(temporaryDirectory(t), 'kv.sqlite'),
          driver: name,
          legacyFile: null,
        })(placeOf()),
      ),
    missing,
  )
  storeContract(
    `host by ${name}`,
    t => {
      const path = join(temporaryDirectory(t), 'steering.db')
      if (driver !== undefined) hostDatabase(driver, path)
      return closing(t, hostKv({ path, driver: name })(placeOf()))
    },
    missing,
  )
}
