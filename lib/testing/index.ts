/// <reference types="node" preserve="true" />

/**
 * `toru-plugin-api/testing`: what an author's tests need.
 *
 * @module
 */

export { commandFor, type ProcessEnd, type RunningPlugin, type StartOptions, startBinary, withPlugin } from './start-binary.js'
