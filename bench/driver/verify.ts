import { connect } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import { decode, encode, idOf, type Protocol } from '../protocols.js'
import type { Exchange } from '../work.js'
import { splitterOf } from './splitter.js'

/**
 * Sends every request once and compares the answers, so that only a correct server is measured.
 * Throws if an answer is wrong.
 */
export const verify = async (
  path: string,
  protocol: Protocol,
  exchanges: ReadonlyArray<Exchange>,
): Promise<void> => {
  const id = idOf(0)
  for (const { request, answer } of exchanges) {
    const got = decode[protocol](await ask(path, protocol, encode[protocol](request, id)), id)
    if (!isDeepStrictEqual(got, answer)) {
      throw new Error(
        `expected ${JSON.stringify(answer).slice(0, 200)}, got ${JSON.stringify(got).slice(0, 200)}`,
      )
    }
  }
}

const ask = (path: string, protocol: Protocol, bytes: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const splitter = splitterOf(protocol)
    const chunks: Buffer[] = []
    const socket = connect(path)
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed before the answer')))
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (splitter.count(chunk, chunk.length) === 0) return
      resolve(Buffer.concat(chunks))
      socket.destroy()
    })
    socket.write(bytes)
  })
