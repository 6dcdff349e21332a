import test from 'ava'
import { scopedSelector } from '../../lib/frontend/scope-selector.js'

const OWN = ':where(:scope,:scope *)'

const becomes = (
  pairs: Readonly<Record<string, string>>,
): readonly [Record<string, string>, Readonly<Record<string, string>>] => [
  Object.fromEntries(Object.keys(pairs).map(selector => [selector, scopedSelector(selector)])),
  pairs,
]

test('a selector means elements of the plugin, a selector of the page its element', t => {
  t.deepEqual(
    ...becomes({
      '.card': `.card${OWN}`,
      '.dark .card > p::before': `.dark .card > p${OWN}::before`,
      'html.dark': 'html.dark :scope',
      'body::before': 'body :scope::before',
      ':host': ':scope',
      ':root, .a': `:root :scope, .a${OWN}`,
      ':scope > p, & p': ':scope > p, & p',
    }),
  )
})

test('brackets, commas, colons and signs within a string are text', t => {
  t.deepEqual(
    ...becomes({
      '[title="a]b{c"]': `[title="a]b{c"]${OWN}`,
      '[title="a]b"], .a': `[title="a]b"]${OWN}, .a${OWN}`,
      '[title="a[b"], .a': `[title="a[b"]${OWN}, .a${OWN}`,
      '[title="a\\"], ("], .a': `[title="a\\"], ("]${OWN}, .a${OWN}`,
      '[title="a::b"]': `[title="a::b"]${OWN}`,
      '[title="a&b"]': `[title="a&b"]${OWN}`,
      '[title=":scope"]': `[title=":scope"]${OWN}`,
      '[title="a > html"]': `[title="a > html"]${OWN}`,
      'html[title="a]b > c"]': 'html[title="a]b > c"] :scope',
    }),
  )
})

test('what is escaped is part of a name', t => {
  t.deepEqual(
    ...becomes({
      '.a\\,b, .c\\(d, .e': `.a\\,b${OWN}, .c\\(d${OWN}, .e${OWN}`,
      '.md\\:\\:a, .a\\&b': `.md\\:\\:a${OWN}, .a\\&b${OWN}`,
      'html.\\31 0': 'html.\\31 0 :scope',
      'html\\.a, htmlé': `html\\.a${OWN}, htmlé${OWN}`,
    }),
  )
})

test('a selector in brackets says nothing of what comes last', t => {
  t.deepEqual(
    ...becomes({
      'html:not(.a:not(.b) .c)': 'html:not(.a:not(.b) .c) :scope',
      '.a:not(.b > html)': `.a:not(.b > html)${OWN}`,
      ':is(.a, .b) .c, .d': `:is(.a, .b) .c${OWN}, .d${OWN}`,
      ':is(&, .a) .b': ':is(&, .a) .b',
    }),
  )
})
