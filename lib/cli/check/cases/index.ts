import type { Case } from '../run/case.js'
import { answerCases } from './answer.js'
import { connectionCases } from './connections.js'
import { framingCases } from './framing.js'
import { garbageCases } from './garbage.js'
import { lifecycleCases } from './lifecycle.js'
import { metadataCases } from './metadata.js'
import { requestCases } from './request.js'
import { startCases } from './start.js'

/** Every case, in the order in which they are reported. */
export const CASES: ReadonlyArray<Case> = [
  ...metadataCases,
  ...startCases,
  ...lifecycleCases,
  ...answerCases,
  ...requestCases,
  ...framingCases,
  ...garbageCases,
  ...connectionCases,
]
