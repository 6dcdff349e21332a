import { identity, pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../domain/context.js'
import type { ClosableKvStore } from '../domain/kv-provider.js'
import { causeField, toPluginError } from '../domain/plugin-error.js'
import { ownPackedFile } from '../kv/packed-file.js'

/**
 * Finds out whether a store can work before anybody needs it, and logs the reason if it cannot. A
 * packed plugin knows that it has no use for a store, and is silent then.
 */
export const checkStore = ({ check }: ClosableKvStore, log: Logger): T.Task<void> =>
  pipe(
    ownPackedFile(),
    O.match(
      () => true,
      ({ usesStore }) => usesStore,
    ),
  )
    ? pipe(
        TE.tryCatch(check, toPluginError),
        TE.chainEitherK(identity),
        TE.match(
          error =>
            log.error(causeField(error), `The key-value store does not work: ${error.message}`),
          () => undefined,
        ),
      )
    : T.of(undefined)
