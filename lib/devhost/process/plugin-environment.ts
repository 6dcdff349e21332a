import { join, resolve } from 'node:path'
import type { HostPolicy } from '../host-policy.js'

/** Where plugins keep their own files: `TORU_DATA_DIR`, or a folder in the data directory. */
export const pluginData = (data: string, env: NodeJS.ProcessEnv): string =>
  resolve(env.TORU_DATA_DIR || join(data, 'plugins'))

/** The host's environment, without the variables that would make a plugin another one's child. */
export const pluginEnvironment = (
  data: string,
  { checksAnswers }: HostPolicy,
  env: NodeJS.ProcessEnv,
): Readonly<Record<string, string | undefined>> => ({
  ...(checksAnswers ? { TORU_CHECK_ANSWERS: '1' } : {}),
  ...Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^TORU_(?:PLUGIN_SOCKET|INSTANCE_ID|GUARDIAN.*)$/.test(name),
    ),
  ),
  TORU_DATA_DIR: pluginData(data, env),
  TORU_NODE: env.TORU_NODE ?? process.execPath,
})
