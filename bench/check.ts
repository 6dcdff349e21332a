// `--check`: says which ratios fell.
import { readBaseline } from './baseline.js'
import { measure, THE_TWO } from './measure/index.js'
import type { Node } from './nodes.js'
import { doubled, type Plan, selectionFor } from './plan.js'
import { type Fallen, fallenFrom, fallenLine } from './report/check.js'
import { type Results, scoresOf } from './results.js'

/**
 * Compares with the baseline. A ratio that fell is measured again with more rounds, twice at most,
 * and counts only if it falls every time.
 */
export const check = async (all: ReadonlyArray<Results>, plan: Plan): Promise<boolean> => {
  const baseline = readBaseline()
  let well = true
  for (const results of all) {
    const { key } = results.node
    const scores = scoresOf(results, 'better')
    const compared = Object.keys(scores).filter(address => address in baseline)
    if (compared.length === 0)
      console.log(
        `${key}: there is nothing in the baseline to compare with; --update-baseline writes it`,
      )
    let fallen = fallenFrom(baseline, scores)
    let longer = plan
    for (let look = 0; look < 2 && fallen.length > 0; look++) {
      longer = doubled(longer)
      fallen = await again(results.node, longer, fallen)
    }
    for (const each of fallen) console.log(`fallen: ${fallenLine(each)}`)
    if (fallen.length === 0) console.log(`${key}: ${compared.length} ratios are where they were`)
    else well = false
  }
  return well
}

const again = async (
  node: Node,
  plan: Plan,
  fallen: ReadonlyArray<Fallen>,
): Promise<ReadonlyArray<Fallen>> => {
  const addresses = fallen.map(({ address }) => address)
  console.log(`once more, with twice the rounds: ${addresses.join('; ')}`)
  const selection = selectionFor(addresses.map(address => address.slice(node.key.length + 1)))
  const scores = scoresOf(await measure(node, plan, selection, THE_TWO), 'better')
  return fallenFrom(readBaseline(), scores).filter(({ address }) => addresses.includes(address))
}
