import { Option } from 'commander'
import { binaryName, defaultSocket, HOST_HTTP_TIMEOUT } from '../../domain/host.js'
import type { DialectName } from '../../protocol.js'
import type { AddCommand } from '../command.js'
import type { CallOptions } from './call.js'

const HELP = `
What to send:
  [METHOD] /path        an HTTP request: GET, or POST with data. The path is relative to the plugin's route
  kv get KEY            a KV message; also: kv set KEY VALUE, kv delete KEY
  init, shutdown, ping  a lifecycle message, which has no answer

A plugin's file is started as the host does, with a socket and data of its own (or TORU_DATA_DIR if it is set), and stopped
afterwards.

-w takes %{status} %{size} %{size_upload} %{size_download} %{time_start} %{time_connect} %{time_starttransfer}
%{time_total}, in bytes and seconds, and \\n \\t \\\\ %%. Without a format it prints a summary to stderr: put it last then.

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
    .argument('<words...>', 'what to send, see below')
    .option(
      '-H, --header <line>',
      "a header of the request: 'Name: value', or 'Name:' to remove one",
      collect,
      [],
    )
    .option(
      '-d, --data <text>',
      'the body of the request; @file for a file, @- for stdin',
      collect,
      [],
    )
    .option('-X, --request <method>', 'the method, as in curl')
    .option('-i, --include', 'also show the status and the headers')
    .option('-f, --fail', 'exit with 1 for a status of 400 or more, and for kv get without a value')
    .option('-o, --output <file>', 'write the body to a file')
    .option('-w, --write-out [format]', 'print times and sizes afterwards')
    .option('--json', 'print the answer and its times as JSON')
    .option('--raw', 'show the frames on stderr')
    .option('-v, --verbose', 'show the log of a plugin that was started for the call on stderr')
    .addOption(
      new Option('--dialect <name>', 'the dialect to speak')
        .choices(['documented', 'nested', 'tagged'])
        .default('tagged' satisfies DialectName),
    )
    .option('--lines', 'send a line of JSON instead of a frame, as with socat')
    .option('--path-as-is', "do not decode the path, as today's host does")
    .option('--init', 'send an init first, as the host does when it starts')
    .option('-m, --timeout <seconds>', 'how long it may take', String(HOST_HTTP_TIMEOUT / 1_000))
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
