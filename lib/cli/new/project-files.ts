import type { Plan } from './plan.js'
import { assetsFile, clientFile, frontendFile, styleFile } from './templates/frontend.js'
import { frontendTsconfig, gitignore, manifest, tsconfig } from './templates/manifest.js'
import { mainFile, pluginFile, testFile } from './templates/plugin.js'
import { readmeFile } from './templates/readme.js'

/** The files of a new project, by their paths in it. */
export const projectFiles = (plan: Plan): ReadonlyMap<string, string> =>
  new Map([
    ['package.json', manifest(plan)],
    ['tsconfig.json', tsconfig(plan)],
    ['.gitignore', gitignore(plan)],
    ['README.md', readmeFile(plan)],
    ['src/plugin.ts', pluginFile(plan)],
    ['src/main.ts', mainFile(plan)],
    ['src/plugin.test.ts', testFile(plan)],
    ...(plan.frontend
      ? ([
          ['frontend/main.ts', frontendFile(plan)],
          ['frontend/client.ts', clientFile(plan)],
          ['frontend/style.css', styleFile()],
          ['frontend/assets.d.ts', assetsFile()],
          ['frontend/tsconfig.json', frontendTsconfig()],
        ] as const)
      : []),
  ])
