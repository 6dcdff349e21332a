import type { PluginContext } from '../context.js'

// What the type of a value shows of what JSON would change or lose: for the compiler what
// json-loss.ts is at run time. A verdict is `void` or a refusal: see answerable.ts.

/** What stands for a refusal: `any`, or the reason. */
export type Mode = 'found' | 'why'

/** A refusal with a reason of any type. */
export type Refused<M extends Mode, Reason> = M extends 'why'
  ? Reason
  : // biome-ignore lint/suspicious/noExplicitAny: see answerable.ts
    any

/** A refusal with a reason in words. */
export type Refusal<M extends Mode, Why extends string> = Refused<M, NotAnswerable<Why>>

interface NotAnswerable<Why extends string> {
  readonly 'this handler cannot be answered': Why
}

/** Whether a type is `any`. */
export type IsAny<T> = 0 extends 1 & T ? true : false

/** How deep a type is looked at, level by level: a recursive one has no end. */
type Below = { readonly 4: 3; readonly 3: 2; readonly 2: 1; readonly 1: 0; readonly 0: 0 }

/**
 * The verdict on a value that is to be JSON. `P` is its path; a value at the top has none.
 */
export type OnJson<A, M extends Mode, P extends string = '', D extends keyof Below = 4> =
  IsAny<A> extends true
    ? void
    : A extends string | number | boolean | null | undefined
      ? void
      : A extends bigint
        ? Refusal<M, `${P}a bigint is not JSON: send a string`>
        : A extends symbol
          ? Refusal<M, `${P}a symbol is not JSON: send a string`>
          : A extends (...args: never) => unknown
            ? OnFunction<A, M, P>
            : A extends object
              ? OnObject<A, M, P, D>
              : void

/**
 * The verdict on a function inside an answer. JSON leaves it out, and the methods of a class have
 * the same types. Only a program is known not to be one of them.
 */
export type OnFunction<F, M extends Mode, P extends string = ''> = F extends () => infer T
  ? OnTask<T, M, P>
  : F extends (ctx: PluginContext<never>) => infer T
    ? T extends () => infer B
      ? OnTask<B, M, P>
      : void
    : void

type OnTask<B, M extends Mode, P extends string> =
  B extends PromiseLike<{ readonly _tag: 'Left' | 'Right' }>
    ? Refusal<M, `${P}a TaskEither inside an answer is not run: chain it`>
    : void

type OnObject<A extends object, M extends Mode, P extends string, D extends keyof Below> =
  A extends PromiseLike<unknown>
    ? Refusal<M, `${P}a promise is {} in JSON: await it`>
    : A extends ArrayBuffer | SharedArrayBuffer | ArrayBufferView
      ? Refusal<M, `${P}bytes cannot be carried: send text`>
      : A extends { readonly toJSON: (...args: never) => infer J }
        ? OnJson<J, M, P, Below[D]>
        : A extends ReadonlyArray<infer I>
          ? // What may be absent at the end of a tuple is absent in JSON, too.
            OnItem<number extends A['length'] ? I : Exclude<I, undefined>, M, P, D>
          : A extends Keeping
            ? Refusal<
                M,
                `${P}a Map, a Set, an iterator, a stream … is {} in JSON: send an object or an array`
              >
            : A extends Error
              ? OnError<A, M, P, D>
              : OnMembers<A, M, P, D>

/** Objects that keep what they have somewhere else than in properties. */
type Keeping =
  | Iterable<unknown>
  | AsyncIterable<unknown>
  | { readonly getReader: () => unknown }
  | { readonly [Symbol.toStringTag]: string }
  | RegExp
  | Blob
  | Response

/** Data may have a name and a message, but only an `Error` has a stack. */
type OnError<
  A extends Error,
  M extends Mode,
  P extends string,
  D extends keyof Below,
> = 'stack' extends keyof A
  ? Refusal<M, `${P}an Error is {} in JSON: send its message, or return it on the left side`>
  : OnMembers<A, M, P, D>

type OnItem<I, M extends Mode, P extends string, D extends keyof Below> =
  | (unknown extends I
      ? void
      : undefined extends I
        ? Refusal<M, `${P}undefined in an array is null in JSON: send null`>
        : void)
  | (D extends 0 ? void : OnJson<I, M, Under<P, '[]', M>, Below[D]>)

type OnMembers<
  A extends object,
  M extends Mode,
  P extends string,
  D extends keyof Below,
> = D extends 0 ? void : { [K in keyof A]-?: OnJson<A[K], M, Under<P, K, M>, Below[D]> }[keyof A]

/** The path of a member. It is only made where it is shown. */
type Under<P extends string, K, M extends Mode> = M extends 'why'
  ? P extends `${infer Q}: `
    ? `${Q}.${K & (string | number)}: `
    : `${K & (string | number)}: `
  : P
