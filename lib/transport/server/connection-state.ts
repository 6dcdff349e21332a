/** What is known of a connection in every state. */
interface Activity {
  /** How many requests wait for their answers. */
  readonly inFlight: number
  /** Whether a whole message has come. */
  readonly hasSentMessage: boolean
  /** When bytes last came or were taken, in milliseconds on the server's clock. */
  readonly lastActivity: number
  /** Whether the peer takes what is written. */
  readonly writable: boolean
}

/** Messages are read and answered. */
interface Open extends Activity {
  readonly _tag: 'Open'
  /**
   * When the message began that has not come in full, or when the connection did if none has;
   * `undefined` where nothing is awaited.
   */
  readonly incompleteSince: number | undefined
}

/** A state in which no more messages are taken. */
interface Ending extends Activity {
  /**
   * `HalfOpen`: the peer writes no more. It may wait for its answers, or be gone altogether.
   * `Finishing`: the input was invalid, or the server stops; answers still leave. `Closing`: the
   * stream has every answer, and ends behind them. `Closed`: it has ended.
   */
  readonly _tag: 'HalfOpen' | 'Finishing' | 'Closing' | 'Closed'
}

/** Where a connection is between its first byte and its end. */
export type ConnectionState = Open | Ending

/** What is left of the input: `more` where there was no room for further requests. */
export type InputLeft = 'nothing' | 'part of a message' | 'more'

/** What happens to a connection. Times as in the state. */
export type ConnectionEvent =
  /** Messages were taken from the input. */
  | {
      readonly _tag: 'Taken'
      readonly at: number
      /** Whether there were any, and how many of them are answered later. */
      readonly messages: boolean
      readonly pending: number
      readonly left: InputLeft
    }
  /** So many of those answers are there: they were queued, or there are none. */
  | { readonly _tag: 'Answered'; readonly count: number }
  /** The stream has more than it wants: its peer does not read. */
  | { readonly _tag: 'WriteBlocked' }
  | { readonly _tag: 'Drained'; readonly at: number }
  /** Something came that is no message. */
  | { readonly _tag: 'InvalidInput' }
  /** No more is to be taken. `taking`: from within a handler, so that `Taken` follows. */
  | { readonly _tag: 'StopRequested'; readonly taking: boolean }
  /** The peer has closed its writing half, and all of its input was taken. */
  | { readonly _tag: 'PeerEnded' }
  /** It is time to look whether a half-open peer is still there. */
  | { readonly _tag: 'ProbeDue' }
  /** The stream is closed: by the peer, by an error, or by us. */
  | { readonly _tag: 'StreamClosed' }
  | { readonly _tag: 'DestroyRequested' }

/** What the connection has to do. */
export type ConnectionAction =
  /** Take messages from the input, for as long as {@link canTake} says so. */
  | 'take'
  /** Read from the stream, or read no more until there is room for further requests. */
  | 'resume'
  | 'pause'
  /** Give the queued answers to the stream. */
  | 'flush'
  /** Say when the peer takes again what is written. */
  | 'await drain'
  /** Write nothing, which fails where the peer is gone, and come back later. */
  | 'probe'
  /** End the stream behind what was written. */
  | 'close'
  /** Let go of what is kept, and tell who waits that the peer is gone. */
  | 'release'
  /** Close the stream now. */
  | 'destroy'

/** The next state, and what is to be done, in this order. */
export interface Step {
  readonly state: ConnectionState
  readonly actions: ReadonlyArray<ConnectionAction>
}

/** A new connection: its first message is awaited from now on. */
export const opened = (now: number): Open => ({
  _tag: 'Open',
  inFlight: 0,
  hasSentMessage: false,
  lastActivity: now,
  writable: true,
  incompleteSince: now,
})

/** Whether a further message can be taken, after some that are `pending`, and answered. */
export const canTake = (state: ConnectionState, maxInFlight: number, pending = 0): boolean =>
  state._tag === 'Open' && state.writable && state.inFlight + pending < maxInFlight

/** Every change of a connection. An event that means nothing in a state changes nothing. */
export const step = (state: ConnectionState, event: ConnectionEvent): Step => {
  if (state._tag === 'Closed') return to(state)
  switch (event._tag) {
    case 'Taken':
      return state._tag === 'Open'
        ? taken(state, event)
        : closeWhenAnswered(state._tag, state, state.inFlight + event.pending)
    case 'Answered':
      return state._tag === 'Open'
        ? to(withInFlight(state, state.inFlight - event.count), TAKE_AND_FLUSH)
        : closeWhenAnswered(state._tag, state, state.inFlight - event.count)
    case 'WriteBlocked':
      return state.writable ? to({ ...state, writable: false }, ['await drain']) : to(state)
    case 'Drained':
      return to({ ...state, writable: true, lastActivity: event.at }, TAKE_AND_FLUSH)
    case 'InvalidInput':
      return state._tag === 'Open' ? closeWhenAnswered('Finishing', state) : to(state)
    case 'StopRequested':
      if (state._tag !== 'Open') return to(state)
      return event.taking ? to(enter('Finishing', state)) : closeWhenAnswered('Finishing', state)
    case 'PeerEnded':
      return state._tag === 'Open' || state._tag === 'Finishing'
        ? closeWhenAnswered('HalfOpen', state)
        : to(state)
    case 'ProbeDue':
      return state._tag === 'HalfOpen' ? to(state, ['probe']) : to(state)
    case 'StreamClosed':
      return to(enter('Closed', state), ['release'])
    case 'DestroyRequested':
      return to(enter('Closed', state), ['release', 'destroy'])
  }
}

/**
 * What happens to every request is written out: a spread of the state takes half a microsecond on
 * Node.js 20.
 */
const taken = (
  { inFlight, writable, hasSentMessage, incompleteSince }: Open,
  { at, messages, pending, left }: Extract<ConnectionEvent, { readonly _tag: 'Taken' }>,
): Step => {
  const since = messages ? at : (incompleteSince ?? at)
  return to(
    {
      _tag: 'Open',
      inFlight: inFlight + pending,
      writable,
      hasSentMessage: hasSentMessage || messages,
      lastActivity: at,
      incompleteSince: left === 'part of a message' ? since : undefined,
    },
    left === 'more' ? PAUSE_AND_FLUSH : RESUME_AND_FLUSH,
  )
}

const withInFlight = (state: Open, inFlight: number): Open => ({
  _tag: 'Open',
  inFlight,
  writable: state.writable,
  hasSentMessage: state.hasSentMessage,
  lastActivity: state.lastActivity,
  incompleteSince: state.incompleteSince,
})

/** Closes a connection on which nothing more is taken, once nothing is in flight. */
const closeWhenAnswered = (
  _tag: Ending['_tag'],
  state: ConnectionState,
  inFlight = state.inFlight,
): Step => {
  if (_tag === 'Closing') return to(state)
  if (inFlight === 0) return to(enter('Closing', state, 0), FLUSH_AND_CLOSE)
  const probes = _tag === 'HalfOpen' && state._tag !== 'HalfOpen'
  return to(enter(_tag, state, inFlight), probes ? ['flush', 'probe'] : FLUSH)
}

const enter = (
  _tag: Ending['_tag'],
  { inFlight, writable, hasSentMessage, lastActivity }: Activity,
  waiting = inFlight,
): Ending => ({ _tag, inFlight: waiting, writable, hasSentMessage, lastActivity })

const NONE: ReadonlyArray<ConnectionAction> = []
const FLUSH: ReadonlyArray<ConnectionAction> = ['flush']
const FLUSH_AND_CLOSE: ReadonlyArray<ConnectionAction> = ['flush', 'close']
const TAKE_AND_FLUSH: ReadonlyArray<ConnectionAction> = ['take', 'flush']
const PAUSE_AND_FLUSH: ReadonlyArray<ConnectionAction> = ['pause', 'flush']
const RESUME_AND_FLUSH: ReadonlyArray<ConnectionAction> = ['resume', 'flush']

const to = (state: ConnectionState, actions = NONE): Step => ({ state, actions })
