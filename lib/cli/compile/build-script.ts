/** What the script `build` of a package.json compiles with. */
export type BuildScript =
  /** `tsc`, perhaps more than once, each time with a project: a file, or a folder. */
  | { readonly _tag: 'Tsc'; readonly projects: ReadonlyArray<string> }
  /** Another program, whose output is not that of `tsc`. */
  | { readonly _tag: 'Other'; readonly program: string }
  | { readonly _tag: 'Unknown' }

/** How deep a script may call others. */
const MAX_DEPTH = 5

/** The words between which a shell begins a new command. */
const SEPARATORS = /&&|\|\||[;|&\n]/

/** Programs that make JavaScript of TypeScript for Node.js, each in its own way. */
const COMPILERS = new Set(
  (
    'babel bun bunchee deno esbuild microbundle ncc nest parcel pkgroll rolldown rollup rspack ' +
    'swc tsdown tspc tsup ttsc unbuild vite-node webpack'
  ).split(' '),
)

/** Reads the script `build`, and those that it runs by name. */
export const buildScript = (scripts: Readonly<Record<string, string>>): BuildScript => {
  const commands = commandsOf(scripts, 'build', MAX_DEPTH)
  const projects = commands.filter(words => words.includes('tsc')).map(projectIn)
  if (projects.length > 0) return { _tag: 'Tsc', projects }
  const program = commands.flat().find(word => COMPILERS.has(word))
  return program === undefined ? { _tag: 'Unknown' } : { _tag: 'Other', program }
}

type Words = ReadonlyArray<string>

const commandsOf = (
  scripts: Readonly<Record<string, string>>,
  name: string,
  depth: number,
): ReadonlyArray<Words> =>
  (scripts[name] ?? '').split(SEPARATORS).flatMap(command => {
    const words = command
      .split(/\s+/)
      .map(unquoted)
      .filter(word => word !== '')
    const named = depth === 0 ? [] : words.filter(word => isRun(words) && word in scripts)
    return [words, ...named.flatMap(one => commandsOf(scripts, one, depth - 1))]
  })

const isRun = ([program = '']: Words): boolean =>
  /^(npm|pnpm|yarn|bun|run-[sp]|npm-run-all2?|wireit|concurrently)$/.test(program)

const unquoted = (word: string): string => word.replace(/^['"]|['"]$/g, '')

/** The words after which `tsc` takes a project. */
const PROJECT = /^(?:-p|--project|-b|--build)$/i

const projectIn = (words: Words): string => {
  const index = words.findIndex(word => PROJECT.test(word))
  const named = index === -1 ? undefined : words[index + 1]
  return named === undefined || named.startsWith('-') ? '.' : named
}
