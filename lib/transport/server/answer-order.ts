import type { Answer } from '../../domain/message.js'

/** What a message gets: an answer now or later, or none. */
export type Answering = Answer | null | Promise<Answer | null>

/**
 * The order that the protocol asks of one connection: KV operations take effect in the order in
 * which they arrived, and the answers to requests without a `request_id`, which are known by their
 * place alone, go out in the order of the requests. Everything else goes as it is ready.
 */
export class AnswerOrder {
  #lastKv: Promise<unknown> | undefined
  #lastNameless: Promise<unknown> | undefined

  /** Begins a KV operation once those before it have ended. */
  kv(begin: () => Answering): Answering {
    const answer = this.#lastKv === undefined ? begin() : this.#lastKv.then(begin)
    if (!(answer instanceof Promise)) return answer
    const last = answer.then(() => {
      if (this.#lastKv === last) this.#lastKv = undefined
    })
    this.#lastKv = last
    return answer
  }

  /** An answer to a request without a name, once those before it are out. */
  nameless(answer: Answering): Answering {
    const earlier = this.#lastNameless
    if (earlier === undefined && !(answer instanceof Promise)) return answer
    const inTurn = Promise.all([answer, earlier]).then(([ready]) => ready)
    // Said before whoever sends the answer says so too: between the end of this turn and the
    // sending no other answer can come.
    inTurn.then(() => {
      if (this.#lastNameless === inTurn) this.#lastNameless = undefined
    })
    this.#lastNameless = inTurn
    return inTurn
  }
}
