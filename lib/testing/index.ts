/// <reference types="node" preserve="true" />

/**
 * `toru-plugin-api/testing`: what an author's tests need.
 *
 * @module
 */

export { commandFor, type ProcessEnd } from '../plugin-process/spawn-process.js'
export type { TestPlugin, TestPluginOptions } from './plugin-under-test.js'
export {
  jsonAs,
  type Send,
  type SendBody,
  type TestKv,
  type TestRequest,
  type TestRequestOptions,
  type TestRequests,
  type TestResponse,
} from './requests.js'
export {
  type RunningPlugin,
  type StartOptions,
  startBinary,
  withPlugin,
} from './start-binary.js'
export { type TestClock, testClock } from './test-clock.js'
export { TestFailure } from './test-failure.js'
export type { TestLogEntry } from './test-log.js'
export { testPlugin } from './test-plugin.js'
