import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { testPlugin } from '../../../lib/testing/index.js'
import { localSystem } from '../../../samples/services/local-system.js'
import { Services } from '../../../samples/services/plugin.js'
import type { System } from '../../../samples/services/system.js'
import { ROOT } from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'
import { isRunning, until } from '../../support/processes.js'

const STAND_INS = join(ROOT, 'spec', 'fixtures', 'systemd')

/** What systemd 252 of Debian 12 has written, by the name of the file. */
export const recorded = (name: string): string => readFileSync(join(STAND_INS, '252', name), 'utf8')

/**
 * The moment of the recording, on its machine's monotonic clock, in microseconds: `good.service`
 * has been active for 75 s.
 */
export const NOW = 22_925_764_825 + 75_000_000

/** Of a test, what is needed to end it and what it has started. */
export interface Running {
  teardown(run: () => void): void
  timeout(ms: number): void
}

/** A machine with systemd: a folder, and stand-ins for its tools on the `PATH`. */
export interface Scene {
  readonly env: NodeJS.ProcessEnv
  readonly system: System
  readonly folder: string
  /** Lets a command fail from now on. */
  fails(verb: string, code: number, stderr: string): void
  /** Writes a file of the folder. */
  put(file: string, text: string): void
  /** The calls so far: the program and its arguments. */
  calls(): ReadonlyArray<string>
  /** The process id of a stand-in that hangs or never ends, as soon as there is one. */
  hanging(): Promise<number>
}

export const scene = (t: Running): Scene => {
  const place = folder()
  t.timeout(60_000)
  t.teardown(() => rmSync(place, { recursive: true, force: true }))
  cpSync(join(STAND_INS, '252'), place, { recursive: true })
  const env = { ...process.env, PATH: `${STAND_INS}:/usr/bin:/bin`, SYSTEMD_STAND_IN: place }
  const put = (file: string, text: string): void => {
    mkdirSync(dirname(join(place, file)), { recursive: true })
    writeFileSync(join(place, file), text)
  }
  return {
    env,
    system: { ...localSystem({ env }), now: () => NOW },
    folder: place,
    fails: (verb, code, stderr) => put(`fails/${verb}`, `${code}\n${stderr}`),
    put,
    calls: () =>
      existsSync(join(place, 'calls'))
        ? readFileSync(join(place, 'calls'), 'utf8').trimEnd().split('\n')
        : [],
    hanging: async () => {
      await until(() => existsSync(join(place, 'pid')))
      const pid = Number(readFileSync(join(place, 'pid'), 'utf8'))
      t.teardown(() => isRunning(pid) && process.kill(pid, 'SIGKILL'))
      return pid
    },
  }
}

/** The plugin on such a machine. */
export const onScene = (machine: Scene) => testPlugin(new Services(machine.system))

/** A folder with files that can be run, and nothing else on the `PATH`. */
export const onlyWith = (
  t: Running,
  files: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv => {
  const place = folder()
  t.teardown(() => rmSync(place, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(place, name), text)
    chmodSync(join(place, name), 0o755)
  }
  return { PATH: place }
}

/** Waits until a process is gone. */
export const gone = (pid: number): Promise<void> => until(() => !isRunning(pid))
