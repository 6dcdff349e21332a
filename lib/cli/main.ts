#!/usr/bin/env node
/** The command `toru-plugin`. */
import { createRequire } from 'node:module'
import { runProgram } from './program.js'
import { processTerminal } from './terminal.js'

const { version }: { readonly version: string } = createRequire(import.meta.url)(
  'toru-plugin-api/package.json',
)

process.exitCode = await runProgram(process.argv.slice(2), version, processTerminal())
