import { statSync } from 'node:fs'
import { basename } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { binaryName, ID_PATTERN, MAX_NAME_BYTES } from '../../../domain/host.js'
import { show } from '../protocol/json.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR, type FileContext, NOTE, WARNING } from '../run/case.js'

/** How long printing the metadata may take: it holds up the host's scan of all plugins. */
const SLOW = 1_000

const field =
  (
    name: string,
    judge: (value: unknown, metadata: Readonly<Record<string, unknown>>) => ReadonlyArray<Fault>,
  ) =>
  async ({ metadata }: FileContext): Promise<ReadonlyArray<Fault>> => {
    const { metadata: printed } = await metadata()
    return E.isLeft(printed) ? NONE : judge(printed.right[name], printed.right)
  }

const text =
  (name: string, most?: number) =>
  (value: unknown): ReadonlyArray<Fault> => {
    if (typeof value !== 'string')
      return fault(`${name}: a string`, show(value), `add "${name}" to what --metadata prints`)
    const bytes = Buffer.byteLength(value)
    return most === undefined || bytes <= most
      ? NONE
      : fault(
          `${name}: at most ${most} bytes of UTF-8`,
          `${bytes} bytes`,
          'shorten it: the host skips the plugin',
        )
  }

/** The file, and what it prints about itself. */
export const metadataCases: ReadonlyArray<Case> = [
  {
    id: 'file-executable',
    title: 'the file can be executed (a .js file by this Node.js)',
    levels: ERROR,
    after: [],
    needs: 'file',
    run: async ({ file }) => {
      const { mode } = statSync(file, { throwIfNoEntry: false }) ?? { mode: 0 }
      return /\.[cm]?js$/.test(file) || (mode & 0o111) !== 0
        ? NONE
        : fault(
            'an executable file',
            `mode 0${(mode & 0o777).toString(8)}`,
            `run: chmod 755 ${file}`,
          )
    },
  },
  {
    id: 'metadata-ends',
    title: 'with --metadata it ends by itself, with exit code 0',
    levels: ERROR,
    after: ['file-executable'],
    needs: 'file',
    run: async ({ metadata }) => {
      const { endedInOrder, ended, stderr } = await metadata()
      if (endedInOrder) return NONE
      const words = stderr.trim() === '' ? '' : `; it wrote to stderr: ${stderr.trim().slice(-300)}`
      return fault(
        'exit code 0',
        `${ended}${words}`,
        'with --metadata as first argument print the metadata and exit: the host waits for ' +
          'the end without a limit',
      )
    },
  },
  {
    id: 'metadata-output',
    title: 'stdout of --metadata is one JSON object in UTF-8 and nothing else',
    levels: ERROR,
    after: ['metadata-ends'],
    needs: 'file',
    run: async ({ metadata }) => {
      const { metadata: printed } = await metadata()
      return E.isRight(printed)
        ? NONE
        : fault(
            'one JSON object',
            printed.left,
            'print nothing else on stdout, not even a line before or after it: the host ' +
              'parses all of it. Print to stderr; with toru-plugin-api, import that before ' +
              'the module that prints',
          )
    },
  },
  {
    id: 'metadata-time',
    title: '--metadata takes less than a second',
    levels: NOTE,
    after: ['metadata-ends'],
    needs: 'file',
    run: async ({ metadata }) => {
      const { ms } = await metadata()
      return ms <= SLOW
        ? NONE
        : fault(
            `at most ${SLOW} ms`,
            `${Math.round(ms)} ms`,
            'print the metadata before loading anything heavy: the host asks every plugin ' +
              'at every scan',
          )
    },
  },
  {
    id: 'metadata-socket',
    title: 'with --metadata it makes no socket',
    levels: WARNING,
    after: ['metadata-ends'],
    needs: 'file',
    run: async ({ metadata }) =>
      (await metadata()).bound
        ? fault(
            'no socket',
            'a file at TORU_PLUGIN_SOCKET',
            'look at the arguments before binding: the scan may run while the plugin serves',
          )
        : NONE,
  },
  {
    id: 'metadata-id',
    title: 'id has only letters, digits and hyphens',
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('id', value =>
      typeof value === 'string' && ID_PATTERN.test(value)
        ? NONE
        : fault(
            'id: one or more of A-Z a-z 0-9 -',
            show(value),
            'choose such an id: the host skips the plugin',
          ),
    ),
  },
  {
    id: 'metadata-name',
    title: `name is a string of at most ${MAX_NAME_BYTES} bytes`,
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('name', text('name', MAX_NAME_BYTES)),
  },
  {
    id: 'metadata-version',
    title: 'version is a string',
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('version', text('version')),
  },
  {
    id: 'metadata-author',
    title: `author, where there is one, is a string of at most ${MAX_NAME_BYTES} bytes`,
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('author', value =>
      value === undefined || value === null ? NONE : text('author', MAX_NAME_BYTES)(value),
    ),
  },
  {
    id: 'metadata-icon',
    title: 'icon is a string',
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('icon', text('icon')),
  },
  {
    id: 'metadata-route',
    title: 'route is one segment after a slash, without ..',
    levels: ERROR,
    after: ['metadata-output'],
    needs: 'file',
    run: field('route', value => {
      if (typeof value !== 'string' || !value.startsWith('/') || value.includes('..')) {
        return fault(
          'route: begins with / and holds no ..',
          show(value),
          'write it as "/my-plugin": the host skips the plugin',
        )
      }
      return /^\/[^/]+$/.test(value)
        ? NONE
        : fault(
            'route: one segment, as in "/my-plugin"',
            show(value),
            'remove the other slashes: the host accepts such a route and then never reaches it',
          )
    }),
  },
  {
    id: 'metadata-frontend',
    title: 'route is / and the id, so that its frontend reaches it',
    levels: WARNING,
    after: ['metadata-id', 'metadata-route'],
    needs: 'file',
    run: field('route', (route, { id }) =>
      route === `/${id}`
        ? NONE
        : fault(
            show(`/${id}`),
            show(route),
            `make the route ${show(`/${id}`)}: api.fetch of a frontend sends its requests to / and the id`,
          ),
    ),
  },
  {
    id: 'file-name',
    title: `the file is named ${binaryName('<id>')}`,
    levels: NOTE,
    after: ['metadata-id'],
    needs: 'file',
    run: async ({ file, metadata }) => {
      const { metadata: printed } = await metadata()
      const wanted = binaryName(E.isRight(printed) ? String(printed.right.id) : '<id>')
      return basename(file) === wanted
        ? NONE
        : fault(
            wanted,
            basename(file),
            `in the host's plugins folder name it ${wanted} and make it executable: the ` +
              'host looks at no other files',
          )
    },
  },
]
