import { python } from '../fixtures/python.js'

// A person at a terminal: a pseudo terminal of Python's, on which keys are pressed once a text is
// there.
const PERSON = `
import fcntl, json, os, pty, select, struct, sys, termios
options, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(options['cwd'])
    for name in ('CI', 'NO_COLOR'): os.environ.pop(name, None)
    os.environ['TERM'] = 'xterm'
    os.environ.update(options['env'])
    while os.get_terminal_size().columns != options['columns']: pass
    os.execvp(argv[0], argv)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 50, options['columns'], 0, 0))
seen = b''
def read():
    global seen
    ready, _, _ = select.select([terminal], [], [], 60)
    if not ready: raise SystemExit('nothing more came: %r' % seen)
    try: piece = os.read(terminal, 65536)
    except OSError: piece = b''
    seen += piece
    return piece != b''
begin = 0
for awaited, pressed in options['keys']:
    while awaited.encode() not in seen[begin:]:
        if not read(): raise SystemExit('it ended before %r: %r' % (awaited, seen))
    begin = seen.index(awaited.encode(), begin) + len(awaited.encode())
    os.write(terminal, pressed.encode())
while read(): pass
_, status = os.waitpid(pid, 0)
print(json.dumps({'seen': seen.decode(), 'code': os.waitstatus_to_exitcode(status)}))
`

/** A key of the terminal. */
export const ENTER = '\r'
/** A key of the terminal. */
export const CTRL_C = '\x03'

/** How to run a program in a terminal. */
export interface TerminalOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  readonly columns?: number
  /** What is pressed once a text is there. */
  readonly keys?: ReadonlyArray<readonly [awaited: string, pressed: string]>
}

/** Runs a program in a terminal. Yields all that was drawn, and the exit code or `-signal`. */
export const inTerminal = async (
  argv: ReadonlyArray<string>,
  { cwd, env = {}, columns = 200, keys = [] }: TerminalOptions,
): Promise<{ readonly seen: string; readonly code: number }> =>
  (await python(PERSON, [JSON.stringify({ cwd, env, columns, keys }), ...argv])) as {
    seen: string
    code: number
  }
