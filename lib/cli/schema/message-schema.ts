import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import {
  type DialectName,
  documented,
  HttpResponse,
  type JsonSchema,
  jsonSchema,
  nested,
  tagged,
} from '../../protocol.js'

/** The names of the dialects, in the order in which the schema has them. */
export const DIALECTS = [
  'documented',
  'nested',
  'tagged',
] as const satisfies ReadonlyArray<DialectName>

interface Codecs {
  readonly about: string
  /** What a host sends. */
  readonly lifecycle: {
    readonly InitMessage: t.Mixed
    readonly ShutdownMessage: t.Mixed
    readonly LifecycleMessage: t.Mixed
  }
  readonly requests: Readonly<Record<string, t.Mixed>>
  /** What a plugin answers. */
  readonly answers: Readonly<Record<string, t.Mixed>>
  /** What else is worth a definition. */
  readonly others: Readonly<Record<string, t.Mixed>>
}

const CODECS: Readonly<Record<DialectName, Codecs>> = {
  documented: {
    about:
      'The messages as the README of the Rust SDK has them: ' +
      "a payload holds the message's own fields.",
    lifecycle: documented,
    requests: {
      HttpRequestMessage: documented.HttpRequestMessage,
      KvRequestMessage: documented.KvRequestMessage,
    },
    answers: {
      HttpResponseMessage: documented.HttpResponseMessage,
      KvResponseMessage: documented.KvResponseMessage,
    },
    others: {},
  },
  nested: {
    about:
      "The messages as the host's protocol page has them: " +
      'the payload of an HTTP request holds another payload.',
    lifecycle: nested,
    requests: {
      HttpRequestMessage: nested.HttpRequestMessage,
      KvRequestMessage: nested.KvRequestMessage,
      WrappedKvRequestMessage: nested.WrappedKvRequestMessage,
    },
    answers: {
      HttpResponseMessage: nested.HttpResponseMessage,
      KvResponseMessage: nested.KvResponseMessage,
    },
    others: {},
  },
  tagged: {
    about:
      "The messages that today's host speaks: every payload says its type, and the id of a request " +
      'stands twice. The body of an HTTP response is the JSON text of an HttpResponse.',
    lifecycle: tagged,
    requests: {
      HttpRequestMessage: tagged.HttpRequestMessage,
      KvRequestMessage: tagged.KvRequestMessage,
    },
    answers: {
      HttpResponseMessage: tagged.HttpResponseMessage,
      KvResponseMessage: tagged.KvResponseMessage,
    },
    others: { HttpResponse },
  },
}

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/**
 * Every message of every dialect as one JSON Schema (2020-12). `$defs/<dialect>` is any message of
 * a dialect, `$defs/<dialect>/$defs/HostMessage` what a host sends, `…/PluginMessage` what a plugin
 * answers, and each kind has a definition with the name of its codec.
 *
 * The left side names a codec that has no structure, and its place.
 */
export const messageSchema = (): E.Either<string, JsonSchema> =>
  pipe(
    record(CODECS, (codecs, name) => dialectSchema(name, codecs, `#/$defs/${name}`)),
    E.map($defs => ({
      $schema: DRAFT,
      title: 'The messages between Toru Steering Center and its plugins',
      anyOf: references('#', DIALECTS),
      $defs,
    })),
  )

/** The messages of one dialect as a JSON Schema of its own, with the same definitions. */
export const messageSchemaOf = (name: DialectName): E.Either<string, JsonSchema> =>
  pipe(
    dialectSchema(name, CODECS[name], '#'),
    E.map(schema => ({ $schema: DRAFT, ...schema })),
  )

const dialectSchema = (
  name: string,
  { about, lifecycle, requests, answers, others }: Codecs,
  at: string,
): E.Either<string, JsonSchema> =>
  pipe(
    record({ ...requests, ...answers, ...others, ...lifecycleCodecs(lifecycle) }, (codec, key) =>
      pipe(
        jsonSchema(codec, `${name}.${key}`),
        E.map(schema => ({ title: codec.name, ...schema })),
      ),
    ),
    E.map(messages => ({
      title: `${name} messages`,
      description: about,
      anyOf: references(at, ['HostMessage', 'PluginMessage']),
      $defs: {
        HostMessage: {
          title: 'what a host sends',
          anyOf: [lifecycleSchema(at), ...references(at, Object.keys(requests))],
        },
        PluginMessage: {
          title: 'what a plugin answers',
          anyOf: references(at, Object.keys(answers)),
        },
        ...messages,
      },
    })),
  )

/** The namespace of a dialect has its encoders and decoders, too. */
const lifecycleCodecs = ({
  InitMessage,
  ShutdownMessage,
  LifecycleMessage,
}: Codecs['lifecycle']) => ({
  InitMessage,
  ShutdownMessage,
  LifecycleMessage,
})

/** A lifecycle message may have any action, but one whose action is `init` must be a whole init. */
const lifecycleSchema = (at: string): JsonSchema => ({
  allOf: references(at, ['LifecycleMessage']),
  if: { properties: { payload: { properties: { action: { const: 'init' } } } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: reference(at, 'InitMessage'),
})

const references = (at: string, names: ReadonlyArray<string>): ReadonlyArray<JsonSchema> =>
  names.map(name => reference(at, name))

const reference = (at: string, name: string): JsonSchema => ({ $ref: `${at}/$defs/${name}` })

const record = <A>(
  values: Readonly<Record<string, A>>,
  schemaOf: (value: A, key: string) => E.Either<string, JsonSchema>,
) =>
  pipe(
    Object.entries(values),
    E.traverseArray(([key, value]) =>
      pipe(
        schemaOf(value, key),
        E.map(schema => [key, schema] as const),
      ),
    ),
    E.map((entries): Readonly<Record<string, JsonSchema>> => Object.fromEntries(entries)),
  )
