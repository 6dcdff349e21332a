import { spawn, spawnSync } from 'node:child_process'
import test, { type TestFn } from 'ava'

const isThere = spawnSync('socat', ['-V']).status === 0
if (!isThere)
  console.warn(
    'socat is missing: the tests that talk to a plugin through it are skipped (on CI they fail).',
  )

/**
 * A test that needs socat, which a person talks to a plugin with. Without socat it is skipped, on
 * CI it fails.
 */
export const socatTest: TestFn | TestFn['skip'] = isThere || process.env.CI ? test : test.skip

/** `echo input | socat -t 60 - UNIX-CONNECT:path`: what came back. */
export const socat = (path: string, input: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('socat', ['-t', '60', '-', `UNIX-CONNECT:${path}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.once('error', reject)
    child.once('close', code =>
      code === 0 ? resolve(output) : reject(new Error(`socat ended with ${code}`)),
    )
    child.stdin.end(input)
  })
