/**
 * The host parses everything that `--metadata` writes to stdout, so what a plugin's modules print while they load must not stand there. This module is imported for
 * that effect alone, before an author's code runs; `registerPlugin` writes the metadata to the descriptor itself.
 */
const [argument] = process.argv.slice(2)
if (argument === '--metadata' || argument === '--describe') {
  Object.defineProperty(process, 'stdout', { configurable: true, enumerable: true, get: () => process.stderr })
}

export {}
