import test from 'ava'
import { utf8Length } from '../../../lib/domain/text/utf8.js'
import fc, { runs } from '../../support/properties.js'

test('a text is as long in UTF-8 as its bytes are', t => {
  t.deepEqual(
    ['', 'a', 'é', '€', '😀', '\ud800', '\ude00a', '\ud800\ud800\udc00'].map(utf8Length),
    [0, 1, 2, 3, 4, 3, 4, 7],
  )
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      text => utf8Length(text) === Buffer.byteLength(text),
    ),
    runs(500),
  )
})
