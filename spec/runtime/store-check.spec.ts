import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { ioError } from '../../lib/domain/plugin-error.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { storeAt } from '../../lib/kv/store.js'
import { checkStore } from '../../lib/runtime/store-check.js'
import { placeOf, recordingLog } from '../kv/place.js'

const logged = async (check: () => Promise<E.Either<ReturnType<typeof ioError>, void>>) => {
  const log = recordingLog()
  await checkStore(
    storeAt(placeOf(), () => ({ ...memoryKv(), check })),
    log,
  )()
  return log.entries
}

test('a store that works is not worth an entry, and one that does not is worth one', async t => {
  t.deepEqual(await logged(async () => E.right(undefined)), [])
  t.deepEqual(await logged(async () => E.left(ioError('There is no engine. Start one.'))), [
    'error: The key-value store does not work: There is no engine. Start one.',
  ])
  t.deepEqual(await logged(() => Promise.reject(new Error('broken'))), [
    'error: The key-value store does not work: broken',
  ])
})

test('a store without a check is taken as it is', async t => {
  const log = recordingLog()
  await checkStore(storeAt(placeOf(), memoryKv()), log)()
  t.deepEqual(log.entries, [])
})
