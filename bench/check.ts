// `--check`: whether a ratio has fallen.
import { readBaseline } from './baseline.js'
import { measure, THE_TWO } from './measure/index.js'
import type { Node } from './nodes.js'
import { doubled, type Plan, selectionFor } from './plan.js'
import { fallenFrom, fallenLine } from './report/check.js'
import { type Results, scoresOf } from './results.js'

/** Compares with the baseline. What has fallen is measured once more, with twice the rounds, and only what falls again counts. */
export const check = async (all: ReadonlyArray<Results>, plan: Plan): Promise<boolean> => {
  const baseline = readBaseline()
  let well = true
  for (const results of all) {
    const { key } = results.node
    const scores = scoresOf(results)
    const compared = Object.keys(scores).filter(address => address in baseline)
    if (compared.length === 0) console.log(`${key}: there is nothing in the baseline to compare with; --update-baseline writes it`)
    const fallen = fallenFrom(baseline, scores)
    const still =
      fallen.length === 0
        ? []
        : await again(
            results.node,
            plan,
            fallen.map(({ address }) => address),
          )
    for (const each of still) console.log(`fallen: ${fallenLine(each)}`)
    if (still.length === 0) console.log(`${key}: ${compared.length} ratios are where they were`)
    else well = false
  }
  return well
}

const again = async (node: Node, plan: Plan, addresses: ReadonlyArray<string>) => {
  console.log(`once more, with twice the rounds: ${addresses.join(', ')}`)
  const selection = selectionFor(addresses.map(address => address.slice(node.key.length + 1)))
  const scores = scoresOf(await measure(node, doubled(plan), selection, THE_TWO))
  return fallenFrom(readBaseline(), Object.fromEntries(Object.entries(scores).filter(([address]) => addresses.includes(address))))
}
