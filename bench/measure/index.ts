import type { Node } from '../nodes.js'
import { type Plan, type Selection, wantsLoad } from '../plan.js'
import type { Results } from '../results.js'
import { SERVERS, type ServerName } from '../servers/index.js'
import { measureLoad } from './load.js'
import { measureMemory } from './memory.js'
import { measureStages } from './stages.js'
import { measureStartUp } from './start-up.js'

/** The two servers whose ratio counts. */
export const THE_TWO: ReadonlyArray<ServerName> = ['floor', 'ours']

/** All servers. */
export const ALL: ReadonlyArray<ServerName> = SERVERS.map(({ name }) => name)

/** Measures what was selected on one Node.js. */
export const measure = async (
  node: Node,
  plan: Plan,
  selection: Selection,
  servers: ReadonlyArray<ServerName>,
): Promise<Results> => {
  const say = (what: string): void => console.error(`${node.version}: ${what}`)
  const cells = wantsLoad(selection)
    ? await measureLoad({
        rounds: plan.load.rounds,
        ms: plan.load.ms,
        node: node.file,
        servers,
        warmUp: server => (THE_TWO.includes(server) ? 1 : plan.load.othersWarmUp),
        wanted: selection.load,
        takesPart: (server, _work, round) => round % 3 === 1 || THE_TWO.includes(server),
        say: progress => say(`load, ${progress}`),
      })
    : []
  const part = async <A>(
    wanted: boolean,
    name: string,
    run: () => Promise<A>,
  ): Promise<A | undefined> => {
    if (!wanted) return undefined
    say(name)
    return run()
  }
  const startUp = await part(selection.startUp, 'start-up', () =>
    measureStartUp(node.file, plan.startUp.rounds),
  )
  const memory = await part(selection.memory, 'memory', () =>
    measureMemory(node.file, plan.memory.rounds, plan.memory.requests),
  )
  const stages = await part(selection.stages, 'stages', () =>
    measureStages(node.file, plan.stages.rounds, plan.stages.ms),
  )
  return {
    node,
    cells,
    ...(startUp === undefined ? {} : { startUp }),
    ...(memory === undefined ? {} : { memory }),
    ...(stages === undefined ? {} : { stages }),
  }
}
