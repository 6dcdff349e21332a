import { createInterface } from 'node:readline'
import { andLastWords, collectText } from '../../plugin-process/output.js'
import { endInWords, signalGroup, spawnProcess } from '../../plugin-process/spawn-process.js'
import { compilerOutput } from '../compile/diagnostics.js'
import { emitsInSpiteOfErrors, PLAIN } from '../compile/run-compiler.js'
import type { WatchCompiler } from './watch-compiler.js'

const BEGUN = /(?:^|- )(?:Starting compilation in watch mode|File change detected)/
const DONE = /(?:^|- )Found \d+ errors?\. Watching for file changes/

/** After one that died, the next compiler starts so many milliseconds later. */
const START_AGAIN = 1_000

/** How much of what it writes to stderr is kept, in characters. */
const MAX_STDERR = 4_000

/** Runs `tsc --watch`, which says when it begins and when it has written all files. */
export const tscWatch: WatchCompiler = (compilation, on, group) => {
  const { typescript, config } = compilation
  const watch = ['--watch', '--preserveWatchOutput', '--listFiles'] as const
  let current: { readonly pid: number | undefined; readonly ended: Promise<unknown> }
  let again: NodeJS.Timeout | undefined
  let isOver = false

  const read = (line: string, lines: string[], begun: number): void => {
    if (!DONE.test(line)) return void lines.push(line)
    const { errors, program } = compilerOutput(lines)
    const hasEmitted = errors.length === 0 || emitsInSpiteOfErrors(compilation)
    on({ _tag: 'Done', run: { errors, program, hasEmitted }, took: performance.now() - begun })
  }
  const start = (): void => {
    const command = [...typescript.command, '-p', config.file, ...watch, ...PLAIN] as const
    const { pid, stdout, stderr, ended } = spawnProcess(command, { group })
    const words = collectText(stderr, MAX_STDERR)
    let lines: string[] = []
    let begun = performance.now()
    if (stdout !== null)
      createInterface({ input: stdout }).on('line', line => {
        if (!BEGUN.test(line)) return read(line, lines, begun)
        lines = []
        begun = performance.now()
        on({ _tag: 'Begun' })
      })
    current = { pid, ended }
    void ended.then(end => {
      if (isOver) return
      const reason = `${endInWords(end)}${andLastWords(words())}`
      on({ _tag: 'Failed', reason: `the compiler has died: ${reason}` })
      again = setTimeout(start, START_AGAIN)
    })
  }
  start()
  return {
    stop: async () => {
      isOver = true
      clearTimeout(again)
      if (current.pid !== undefined) signalGroup(current.pid, 'SIGKILL')
      await current.ended
    },
  }
}
