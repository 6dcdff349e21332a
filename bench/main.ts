// The bench: `npm run bench`. See bench/README.md.
import { measureLoad } from './measure/load.js'
import { nodes } from './nodes.js'
import { optionsOf, USAGE } from './options.js'
import { loadTables } from './report/load-tables.js'

const options = optionsOf(process.argv.slice(2))
if (typeof options === 'string') {
  console.error(`${options}\n\n${USAGE}`)
  process.exit(64)
}
for (const node of nodes()) {
  const cells = await measureLoad({
    node: node.file,
    rounds: options.quick ? 3 : 9,
    warmUp: options.quick ? 400 : 1_500,
    ms: options.quick ? 100 : 150,
    servers: ['floor', 'ours', 'fastify', 'jsonrpc', 'python', 'echo'],
    wanted: (_work, pattern) => options.only === undefined || options.only === pattern,
    say: progress => console.error(`${node.version}: ${progress}`),
  })
  console.log(`\n## Node.js ${node.version}\n\n${loadTables(cells)}`)
}
