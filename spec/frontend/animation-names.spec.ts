import test from 'ava'
import { withAnimationNames } from '../../lib/frontend/animation-names.js'

const NAMES = new Map([
  ['fade', 'mine-fade'],
  ['my\\ fade', 'mine-my\\ fade'],
  ['öffnen', 'mine-öffnen'],
  ['end', 'mine-end'],
  ['--slide', 'mine---slide'],
])

const renamed = (value: string): string => withAnimationNames(value, NAMES)

test('every animation of a list gets its name, however that is written', t => {
  t.is(renamed('fade 1s, other 2s, end'), 'mine-fade 1s, other 2s, mine-end')
  t.is(renamed('my\\ fade, öffnen, --slide'), 'mine-my\\ fade, mine-öffnen, mine---slide')
  t.is(renamed('faded, fade-in'), 'faded, fade-in')
})

test('a comment, a string and the arguments of a function are no names', t => {
  t.is(renamed('1s /* fade */ fade'), '1s /* fade */ mine-fade')
  t.is(renamed(`"fade" 'end (' fade`), `"fade" 'end (' mine-fade`)
  t.is(renamed('fade 1s steps(4, end)'), 'mine-fade 1s steps(4, end)')
  t.is(renamed('url(fade.svg) url("a) fade") fade'), 'url(fade.svg) url("a) fade") mine-fade')
  t.is(renamed('calc(1s * (fade + 2)) fade'), 'calc(1s * (fade + 2)) mine-fade')
})

test('the name of a variable stays, and what stands in its place does not', t => {
  t.is(renamed('var(--slide) var(--slide, fade)'), 'var(--slide) var(--slide, mine-fade)')
})
