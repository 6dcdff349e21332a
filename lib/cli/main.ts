#!/usr/bin/env node
/** The command `toru-plugin`. */
import { isAtLeast, OLDEST_NODE } from './node-version.js'

// An older Node.js cannot even load the rest.
if (isAtLeast(process.versions.node, OLDEST_NODE)) {
  const { start } = await import('./start.js')
  process.exitCode = await start()
} else {
  process.stderr.write(
    `error: toru-plugin needs Node.js ${OLDEST_NODE} or newer, and this is ${process.versions.node}\n` +
      '  Install one: https://nodejs.org\n',
  )
  process.exitCode = 1
}
