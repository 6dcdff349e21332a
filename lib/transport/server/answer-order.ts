import type { Answer, HostMessage, Peer } from '../../domain/message.js'

/** The answer to a message: now, later, or none. */
export type Answering = Answer | null | Promise<Answer | null>

/**
 * Answers one message of a peer: at once, later, or, where the message gets no answer, with `null`.
 * Never rejects.
 */
export type Receive = (message: HostMessage, peer: Peer) => Answering

/**
 * The order on one connection: KV operations run one after another as they arrived, and answers to
 * requests without a `request_id`, which only their order tells apart, are sent in the order of the
 * requests. Every other answer is sent when it is ready.
 */
export class AnswerOrder {
  #lastKv: Promise<unknown> | undefined
  #lastNameless: Promise<unknown> | undefined

  /** Answers a message once it is its turn. */
  answer(message: HostMessage, peer: Peer, receive: Receive): Answering {
    if (!('requestId' in message)) return receive(message, peer)
    const answer =
      message._tag === 'Kv' ? this.#kv(() => receive(message, peer)) : receive(message, peer)
    return message.requestId == null && answer !== null ? this.#inOrder(answer) : answer
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

  /** An answer to a request without an id, once those before it were sent. */
  #inOrder(answer: Answer | Promise<Answer | null>): Answering {
    const earlier = this.#lastNameless
    if (earlier === undefined && !(answer instanceof Promise)) return answer
    const inTurn = Promise.all([answer, earlier]).then(([ready]) => ready)
    // This runs before the answer is sent, and no other answer can come in between.
    inTurn.then(() => {
      if (this.#lastNameless === inTurn) this.#lastNameless = undefined
    })
    this.#lastNameless = inTurn
    return inTurn
  }
}
