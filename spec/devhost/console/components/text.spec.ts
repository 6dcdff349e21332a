import test from 'ava'
import {
  parseJson,
  pluginIcon,
  prettyJson,
} from '../../../../lib/devhost/console/components/text.js'

test('JSON is shown with its lines broken, and what would change by that as it is', t => {
  t.is(prettyJson('{"a":[1]}'), '{\n  "a": [\n    1\n  ]\n}')
  t.is(prettyJson('no JSON {'), 'no JSON {')
  t.is(prettyJson('[12345678901234567890]'), '[12345678901234567890]')
  t.is(parseJson('nope'), undefined)
})

test('a plugin is shown by its icon, or by its first letter', t => {
  t.deepEqual(
    [
      pluginIcon('🗒️', 'Notes'),
      pluginIcon('', 'notes'),
      pluginIcon('clipboard-list', 'notes'),
      pluginIcon('👩‍🔧', ''),
      pluginIcon('', ''),
    ],
    ['🗒️', 'N', 'N', '👩‍🔧', '?'],
  )
})
