import test from 'ava'
import { compilerOutput, diagnosticText } from '../../../lib/cli/compile/diagnostics.js'

// What TypeScript 7.0 prints with --pretty false --listFiles.
const PRINTED = `tsconfig.json(1,59): error TS5011: The common source directory of 'tsconfig.json' is './src'. The 'rootDir' setting must be explicitly set to this or another path to adjust your output's file layout.
  Visit https://aka.ms/ts6 for migration information.
src/b (copy).ts(2,14): error TS2322: Type '{ a: number; }' is not assignable to type '{ a: string; }'.
  Types of property 'a' are incompatible.
    Type 'number' is not assignable to type 'string'.
error TS18003: No inputs were found in config file '/p/tsconfig.json'.
/p/node_modules/typescript/lib/lib.es5.d.ts
/p/src/main.ts
`

test('the errors of the compiler have their places and all of their lines', t => {
  const { errors, program } = compilerOutput(PRINTED.split('\n'))
  t.deepEqual(program, ['/p/node_modules/typescript/lib/lib.es5.d.ts', '/p/src/main.ts'])
  t.deepEqual(errors.map(diagnosticText), [
    `tsconfig.json:1:59: TS5011: The common source directory of 'tsconfig.json' is './src'. The 'rootDir' setting must be explicitly set to this or another path to adjust your output's file layout.
  Visit https://aka.ms/ts6 for migration information.`,
    `src/b (copy).ts:2:14: TS2322: Type '{ a: number; }' is not assignable to type '{ a: string; }'.
  Types of property 'a' are incompatible.
    Type 'number' is not assignable to type 'string'.`,
    "TS18003: No inputs were found in config file '/p/tsconfig.json'.",
  ])
  t.deepEqual(compilerOutput(['', '  indented']), { errors: [], program: [] })
})
