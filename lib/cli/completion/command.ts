import { Argument } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { AddCommand } from '../command.js'
import { EXIT } from '../exit-code.js'

/** `toru-plugin completion`. */
export const addCompletion: AddCommand = ({ program, terminal, run }) => {
  program
    .command('completion')
    .summary('print a script that completes commands')
    .description('Print a script that completes commands, options and files in a shell.')
    .addArgument(new Argument('<shell>', 'its name').choices(['bash', 'zsh', 'fish']))
    .helpEnd(
      'cli.md',
      [['completion fish > ~/.config/fish/completions/toru-plugin.fish']],
      `In ~/.bashrc, or in ~/.zshrc after compinit:
  source <(toru-plugin completion bash)
  source <(toru-plugin completion zsh)`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { treeOf } = await import('./tree.js')
      const { bashScript } = await import('./bash.js')
      const { zshScript } = await import('./zsh.js')
      const { fishScript } = await import('./fish.js')
      const { commands, flags } = treeOf(program)
      await run(async () => {
        terminal.write(
          { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](
            program.name(),
            commands,
            flags,
          ),
        )
        return E.right(EXIT.ok)
      })
    })
}
