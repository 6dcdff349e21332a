import test from 'ava'
import { descriptionOf } from '../../../../lib/devhost/console/calls/description.js'

test('what does not fit in a description is left out', t => {
  t.deepEqual(descriptionOf('nonsense'), { routes: [], kv: [] })
  t.deepEqual(
    descriptionOf({
      routes: [
        { method: 'GET', path: '/', codecs: { body: { name: 'B' }, query: 5 } },
        { method: 'GET' },
        null,
      ],
      kv: [{ key: 'a', codec: null }, { key: 1 }],
    }),
    {
      routes: [
        {
          method: 'GET',
          path: '/',
          handler: '',
          params: [],
          codecs: { body: { name: 'B', schema: null } },
        },
      ],
      kv: [{ key: 'a', handler: '', codec: null }],
    },
  )
})
