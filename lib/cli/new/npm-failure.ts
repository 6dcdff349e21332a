import type { ProcessEnd } from '../../plugin-process/spawn-process.js'
import { endInWords } from '../../plugin-process/spawn-process.js'

/** Why npm failed, in words, and what to do. */
export interface NpmFailure {
  readonly reason: string
  /** One or more sentences. */
  readonly advice: string
  /** A package that npm knows nothing of, without saying why. */
  readonly unknown?: string | undefined
}

/** What npm did, as far as it tells why it failed. */
export interface NpmEnd extends ProcessEnd {
  readonly stdout: string
  readonly stderr: string
}

/** What is known about npm's error codes. The first that fits counts. */
const KNOWN: ReadonlyArray<readonly [code: RegExp, reason: string, advice: string]> = [
  [
    /^(ENOTFOUND|EAI_AGAIN|ECONN[A-Z]+|E[A-Z]+UNREACH|E[A-Z]*TIMEDOUT|E[A-Z_]+TIMEOUT|EPROTO)$/,
    'the registry cannot be reached',
    'Check the network, and what npm config get registry and npm config get proxy print.',
  ],
  [
    /^(E404|ETARGET)$/,
    'the registry does not have a package',
    'Check that npm config get registry prints the registry that you mean.',
  ],
  [
    /^(E401|E403|ENEEDAUTH)$/,
    'the registry refuses access',
    'Check npm config get registry; npm login logs in there.',
  ],
  [/^(E429|E5\d\d)$/, 'the registry fails at the moment', 'Wait some minutes.'],
  [
    /CERT|SIGNED/,
    'the certificate of the registry is not trusted',
    'If a proxy of your network has replaced it, npm config set cafile FILE names the ' +
      "network's own certificate.",
  ],
  [/^(ENOSPC|EDQUOT)$/, 'the disk is full', 'Free some space; a project needs about 200 MB.'],
  [
    /^(EACCES|EPERM|EROFS)$/,
    'npm may not write a file',
    "Make the file yours; if it is in npm's cache, npm config get cache names that folder.",
  ],
  [
    /^EINTEGRITY$/,
    'a package is not the one that package-lock.json names',
    'Remove package-lock.json if the package was replaced on purpose; npm cache clean --force ' +
      'empties a damaged cache.',
  ],
]

/** Explains a failure of npm by the error code that it printed, or by how its process ended. */
export const npmFailure = (end: NpmEnd): NpmFailure => {
  if (end.error !== undefined && 'code' in end.error && end.error.code === 'ENOENT')
    return {
      reason: 'there is no npm in the PATH',
      advice: 'Install it: npm comes with Node.js, and is a package of its own on Debian.',
    }
  const output = `${end.stdout}\n${end.stderr}`
  const code = /^npm (?:error|ERR!) code (\S+)$/m.exec(output)?.[1] ?? ''
  const [, reason, advice] = KNOWN.find(([codes]) => codes.test(code)) ?? []
  const words = wordsIn(output)
  if (reason !== undefined && advice !== undefined)
    return { reason: `${reason}: ${words[0] ?? code}`, advice }
  return {
    reason: [`npm failed: ${endInWords(end)}`, ...words].join('\n').slice(0, MAX_REASON),
    advice: 'Solve that.',
    unknown: UNKNOWN.exec(output)?.[1],
  }
}

/**
 * What npm says if it did not get the versions of a package that another one needs, too: it takes
 * that for a conflict between the two, and does not say what went wrong.
 */
const UNKNOWN = /^npm (?:error|ERR!) Found: (\S+)@undefined$/m

/** How many characters of npm's output an error has. */
const MAX_REASON = 2_000

/** npm's words about an error, without its prefixes, fields and stacks. */
const wordsIn = (output: string): ReadonlyArray<string> =>
  output
    .split('\n')
    .map(line => line.replace(/^npm (?:error|ERR!) ?(?:404 |nospc |notarget |network )? */, ''))
    .filter(line => !/^(\s*$|code |syscall |errno |path |dest |at |A complete log)/.test(line))
