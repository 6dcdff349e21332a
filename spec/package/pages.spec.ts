import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'

test('every link between the pages leads to a file, and to a heading of it', t => {
  const links = pages().flatMap(name =>
    [...withoutCode(read(name)).matchAll(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].map(
      ([link, path = '', anchor]) => ({
        link: `${name}: ${link.slice(1)}`,
        file: path === '' ? name : join(dirname(name), path),
        anchor,
      }),
    ),
  )
  t.true(links.length > 50)
  t.deepEqual(broken(links), [])
})

test('every page and section that the code cites is there', t => {
  const citations = code().flatMap(name =>
    [...read(name).matchAll(/\b(docs\/[\w-]+\.md)(?:#([\w-]+))?/g)].map(
      ([link, path = '', anchor]) => ({
        link: `${name}: ${link}`,
        file: path,
        anchor,
      }),
    ),
  )
  t.true(citations.length > 20)
  t.deepEqual(broken(citations), [])
})

test('code that a page quotes is in the repository', t => {
  const sources = code().map(name => unindented(read(name)))
  const quoted = pages().flatMap(name =>
    [...read(name).matchAll(/^```typescript\n([\s\S]*?)^```/gm)].map(([, block = '']) => ({
      name,
      block: unindented(block),
    })),
  )
  t.true(quoted.length > 0)
  t.deepEqual(
    quoted.filter(({ block }) => !sources.some(source => source.includes(block))),
    [],
  )
})

interface Link {
  readonly link: string
  readonly file: string
  readonly anchor: string | undefined
}

/** The links that lead to no file, or to no heading of their page. */
const broken = (links: ReadonlyArray<Link>): ReadonlyArray<string> =>
  links
    .filter(
      ({ file, anchor }) =>
        !existsSync(join(ROOT, file)) ||
        (anchor !== undefined && !anchorsOf(read(file)).has(anchor)),
    )
    .map(({ link }) => link)

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (page: string): ReadonlySet<string> => {
  const slugs = [...withoutCode(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
  return new Set(
    slugs.map((slug, index) => {
      const before = slugs.slice(0, index).filter(other => other === slug).length
      return before === 0 ? slug : `${slug}-${before}`
    }),
  )
}

const withoutCode = (page: string): string => page.replace(/^ *```[\s\S]*?^ *```/gm, '')

const unindented = (text: string): string => text.replace(/^ +/gm, '')

const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8')

/** The files of folders, with their paths from the top of the repository. */
const filesIn = (...folders: ReadonlyArray<string>): ReadonlyArray<string> =>
  folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name =>
      join(folder, name),
    ),
  )

const pages = (): ReadonlyArray<string> =>
  [...readdirSync(ROOT), ...filesIn('docs', 'samples', 'bench')].filter(name =>
    name.endsWith('.md'),
  )

const code = (): ReadonlyArray<string> =>
  filesIn('lib', 'decorators', 'samples', 'spec', 'bench').filter(name => /\.tsx?$/.test(name))
