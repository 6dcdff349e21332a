import { randomUUID } from 'node:crypto'
import {
  Delete,
  empty,
  Get,
  type HttpRequest,
  json,
  Kv,
  type KvOperation,
  notFound,
  Plugin,
  type PluginContext,
  Post,
  Put,
} from 'toru-plugin-api'
import { O, pipe, TE, t } from 'toru-plugin-api/fp'
import { matches, NewNote, Note, noteOf, Search } from './note.js'

const Theme = t.keyof({ dark: null, light: null }, 'Theme')
const PageSize = t.refinement(t.Int, n => n >= 1 && n <= 100, 'a number from 1 to 100')

/** Everything under this prefix is a note, by its id. */
const NOTES = 'note/'
const noteCell = (ctx: PluginContext, id: string) => ctx.kv.cell(NOTES + id, Note)
const noSuchNote = (id: string) => notFound(`there is no note ${JSON.stringify(id)}`)

type WithId = { readonly params: { readonly id: string } }

@Plugin({
  id: 'notes',
  name: 'Notes',
  version: '1.0.0',
  author: 'toru-plugin-api',
  icon: '🗒️',
  route: '/notes',
})
export class Notes {
  /** `GET /?q=words&tag=a&tag=b`: the matching notes, the latest first. */
  @Get('/', { query: Search, response: t.readonlyArray(Note) })
  list(req: HttpRequest<{ query: Search }>, ctx: PluginContext) {
    return pipe(
      ctx.kv.keys(NOTES),
      TE.chain(keys => TE.sequenceArray(keys.map(key => ctx.kv.cell(key, Note).get))),
      TE.map(found =>
        found.flatMap(
          O.match(
            () => [],
            note => [note],
          ),
        ),
      ),
      TE.map(notes =>
        notes.filter(matches(req.query)).sort((a, b) => b.changed.localeCompare(a.changed)),
      ),
    )
  }

  @Get('/:id', { response: Note })
  read(req: HttpRequest<WithId>, ctx: PluginContext) {
    return pipe(
      noteCell(ctx, req.params.id).get,
      TE.chain(TE.fromOption(() => noSuchNote(req.params.id))),
    )
  }

  @Post('/', { body: NewNote, response: Note })
  create(req: HttpRequest<{ body: t.TypeOf<typeof NewNote> }>, ctx: PluginContext) {
    const note = noteOf(randomUUID(), req.body, new Date())
    return pipe(
      noteCell(ctx, note.id).set(note),
      TE.map(() => json(note, 201, { Location: `/notes/${note.id}` })),
    )
  }

  /**
   * Replaces a note. If two clients do it at once, both succeed, and the later note stays.
   */
  @Put('/:id', { body: NewNote, response: Note })
  update(req: HttpRequest<WithId & { body: t.TypeOf<typeof NewNote> }>, ctx: PluginContext) {
    const { id } = req.params
    return pipe(
      this.read(req, ctx),
      TE.map(() => noteOf(id, req.body, new Date())),
      TE.chainFirst(note => noteCell(ctx, id).set(note)),
    )
  }

  @Delete('/:id')
  remove(req: HttpRequest<WithId>, ctx: PluginContext) {
    return pipe(
      this.read(req, ctx),
      TE.chain(() => noteCell(ctx, req.params.id).delete),
      TE.map(() => empty()),
    )
  }

  @Kv('theme', Theme)
  theme(op: KvOperation<t.TypeOf<typeof Theme>>, ctx: PluginContext) {
    const cell = ctx.kv.cell('theme', Theme)
    return op.action === 'set'
      ? cell.set(op.value)
      : op.action === 'delete'
        ? cell.delete
        : cell.getOrElse(() => 'light' as const)
  }

  @Kv('page-size', PageSize)
  pageSize(op: KvOperation<t.TypeOf<typeof PageSize>>, ctx: PluginContext) {
    const cell = ctx.kv.cell('page-size', PageSize)
    return op.action === 'set'
      ? cell.set(op.value)
      : op.action === 'delete'
        ? cell.delete
        : cell.get
  }
}
