import test from 'ava'
import { type Group, svgOf } from '../../bench/report/svg.js'

const groups: ReadonlyArray<Group> = [
  {
    title: 'fresh: <a> & b',
    bars: [
      { server: 'floor', title: 'the floor', rate: 12_345.6 },
      { server: 'ours', title: 'toru-plugin-api', rate: 0 },
    ],
  },
  { title: 'nothing', bars: [] },
]

/**
 * The tags of a document that are open at its end; an end tag without its beginning counts, too.
 */
const unbalanced = (xml: string): ReadonlyArray<string> => {
  const open: string[] = []
  for (const [, end, name = '', rest = ''] of xml.matchAll(/<(\/?)([\w]+)([^<>]*)>/g)) {
    if (end === '/') open.at(-1) === name ? open.pop() : open.push(`/${name}`)
    else if (!rest.endsWith('/')) open.push(name)
  }
  return open
}

test('the chart is well-formed, whatever the names', t => {
  const svg = svgOf(groups, 'Node.js & <others>')
  t.deepEqual(unbalanced(svg), [])
  t.notRegex(svg, /&(?!amp;|lt;|gt;)/)
  t.true(svg.includes('fresh: &lt;a&gt; &amp; b'))
})

test('the chart says in words what it shows', t => {
  const svg = svgOf(groups, '')
  t.regex(svg, /role="img" aria-labelledby="title desc"/)
  t.true(svg.includes('the floor 12,346, toru-plugin-api 0'))
})

test('no bar is too short to be seen, none leaves the chart', t => {
  const widths = [...svgOf(groups, '').matchAll(/<rect[^>]* width="(\d+)"/g)].map(([, width]) =>
    Number(width),
  )
  t.deepEqual(widths, [520, 1])
})
