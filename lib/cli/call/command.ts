import { Option } from 'commander'
import { defaultSocket, HOST_HTTP_TIMEOUT } from '../../domain/host.js'
import type { DialectName } from '../../protocol.js'
import type { AddCommand } from '../command.js'
import type { CallOptions } from './call.js'

const WORDS = `What to send:
  [METHOD] /path        an HTTP request; the path is below the plugin's route
  kv get KEY            also: kv set KEY VALUE, kv delete KEY
  init, shutdown, ping  a lifecycle message, which has no answer`

/** `toru-plugin call`. */
export const addCall: AddCommand = ({ program, terminal, run }) => {
  program
    .command('call')
    .summary('send one message to a plugin')
    .description(
      'Send one message to a plugin and show the answer. A file is started for that, with a ' +
        'socket and data of its own.',
    )
    .argument('<plugin>', "the plugin's file, or the socket of one that runs")
    .argument('<words...>', 'what to send')
    .option('-d, --data <text>', 'the body; @file reads a file, @- stdin', collect, [])
    .option('-H, --header <line>', "'Name: value', or 'Name:' to remove one", collect, [])
    .option('-X, --request <method>', 'the method, as in curl')
    .option('-i, --include', 'also show the status and the headers')
    .option('-f, --fail', 'exit with 1 for a status of 400 or more, or no value')
    .option('-o, --output <file>', 'write the body to a file')
    .option('-v, --verbose', 'show the log of a plugin that was started')
    .option('--json', 'print the answer and its times as JSON')
    .option('-w, --write-out [format]', 'print times and sizes, such as %{time_total}')
    .option('-m, --timeout <seconds>', 'how long it may take', String(HOST_HTTP_TIMEOUT / 1_000))
    .option('--init', 'send an init first, as the host does')
    .option('--raw', 'show the bytes of both directions')
    .addOption(
      new Option('--dialect <name>', 'kind')
        .choices(['documented', 'nested', 'tagged'])
        .default('tagged' satisfies DialectName),
    )
    .option('--lines', 'send a line of JSON instead of a frame')
    .option('--path-as-is', "do not decode the path, as today's host does")
    .helpEnd(
      'cli.md',
      [
        ["call dist/main.js '/?tag=a' -i"],
        [`call ${defaultSocket('notes')} POST / -d '{"title":"Milk"}'`],
        ['call src/main.ts kv set theme dark'],
      ],
      WORDS,
    )
    .action(async (plugin: string, words: ReadonlyArray<string>, options: CallOptions) => {
      const { call } = await import('./call.js')
      await run(call(terminal, plugin, words, options))
    })
}

const collect = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...earlier,
  value,
]
