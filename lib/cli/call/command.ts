import { Option } from 'commander'
import { binaryName, defaultSocket } from '../../domain/host.js'
import type { DialectName } from '../../protocol.js'
import type { AddCommand } from '../command.js'
import type { CallOptions } from './call.js'

const HELP = `
The words say what to send:
  [METHOD] /path        an HTTP request: GET, or POST where there is data. The path is the one below the plugin's route
  kv get KEY            a key-value message; also: kv set KEY VALUE, kv delete KEY
  init, shutdown, ping  a lifecycle message, which has no answer

A plugin's file is started as the host does it, on a socket and with data of its own (TORU_DATA_DIR is kept where it is set), and stopped afterwards.

-w takes %{status} %{size} %{size_upload} %{size_download} %{time_start} %{time_connect} %{time_starttransfer} %{time_total}, in bytes and seconds,
and \\n \\t \\\\ %%; without a format it prints a summary to stderr. Put a bare -w last, or the word after it is the format.

Examples:
  toru-plugin call dist/main.js GET '/?tag=a' -i
  toru-plugin call ${defaultSocket('notes')} POST / -d '{"title":"Milk"}' -f
  toru-plugin call plugins/${binaryName('notes')} kv set theme dark
  toru-plugin call src/main.ts / -o page.html -w '%{status} %{time_total}\\n'`

/** `toru-plugin call`. */
export const addCall: AddCommand = ({ program, terminal, run }) => {
  program
    .command('call')
    .description('send one message to a plugin and show the answer')
    .argument('<plugin>', "the plugin's file, or the socket of one that runs")
    .argument('<words...>', 'what to send: see below')
    .option(
      '-H, --header <line>',
      "a header of the request: 'Name: value', or 'Name:' for none",
      collect,
      [],
    )
    .option(
      '-d, --data <text>',
      'the body of the request; @file for that of a file, @- for stdin',
      collect,
      [],
    )
    .option('-X, --request <method>', 'the method, for those used to curl')
    .option('-i, --include', 'show the status and the headers, too')
    .option(
      '-f, --fail',
      'exit with 1 for a status of 400 or more, and for a kv get without a value',
    )
    .option('-o, --output <file>', 'write the body to a file')
    .option('-w, --write-out [format]', 'print times and sizes afterwards')
    .option('--json', 'print the answer and its times as JSON')
    .option('--raw', 'show the frames as they went over the socket, on stderr')
    .option('-v, --verbose', 'show the log of a plugin that was started for the call, on stderr')
    .addOption(
      new Option('--dialect <name>', 'how to speak')
        .choices(['documented', 'nested', 'tagged'])
        .default('tagged' satisfies DialectName),
    )
    .option('--lines', 'a line of JSON instead of frames, as with socat')
    .option('--path-as-is', 'do not decode the path, which the host of today does')
    .option('--init', 'send an init first, as the host does when it starts')
    .option('-m, --timeout <seconds>', 'how long the exchange may take', '30')
    .addHelpText('after', HELP)
    .action(async (plugin: string, words: ReadonlyArray<string>, options: CallOptions) => {
      const { call } = await import('./call.js')
      await run(call(terminal, plugin, words, options))
    })
}

const collect = (value: string, earlier: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...earlier,
  value,
]
