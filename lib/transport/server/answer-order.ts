import type { Answer, HostMessage } from '../../domain/message.js'
import type { Peer } from '../../domain/peer.js'

/** What a message gets: an answer now or later, or none. */
export type Answering = Answer | null | Promise<Answer | null>

/**
 * Answers one message of a peer: at once, later, or, where the message gets no answer, with `null`.
 * Never rejects.
 */
export type Receive = (message: HostMessage, peer: Peer) => Answering

/**
 * The order that the protocol asks of one connection: KV operations take effect in the order in
 * which they arrived, and the answers to requests without a `request_id`, which are known by their
 * place alone, go out in the order of the requests. Everything else goes as it is ready.
 */
export class AnswerOrder {
  #lastKv: Promise<unknown> | undefined
  #lastNameless: Promise<unknown> | undefined

  /** Answers a message once it is its turn. */
  answer(message: HostMessage, peer: Peer, receive: Receive): Answering {
    if (message._tag !== 'Http' && message._tag !== 'Kv') return receive(message, peer)
    const answer =
      message._tag === 'Kv' ? this.#kv(() => receive(message, peer)) : receive(message, peer)
    return message.requestId == null && answer !== null ? this.#nameless(answer) : answer
  }

  /** Begins a KV operation once those before it have ended. */
  #kv(begin: () => Answering): Answering {
    const answer = this.#lastKv === undefined ? begin() : this.#lastKv.then(begin)
    if (!(answer instanceof Promise)) return answer
    const last = answer.then(() => {
      if (this.#lastKv === last) this.#lastKv = undefined
    })
    this.#lastKv = last
    return answer
  }

  /** An answer to a request without a name, once those before it are out. */
  #nameless(answer: Answer | Promise<Answer | null>): Answering {
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
