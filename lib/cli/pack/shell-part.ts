import { BINARY_SUFFIX, HOST_LOG_READ } from '../../domain/host.js'
import { PACKED_END_BYTES, SCRIPT_LENGTH } from '../../domain/packed-file.js'
import { SYSTEM_DATA } from '../../kv/data-directory.js'
import {
  GUARDIAN_DEFAULTS,
  type GuardianSettings,
  guardianLoop,
} from '../../runtime/supervision/guardian.js'
import { numbers, OLDEST_NODE } from '../node-version.js'

/** What the shell part of a packed plugin is made of. */
export interface ShellPart {
  readonly id: string
  /** Exactly what `--metadata` prints. */
  readonly metadata: string
  /**
   * Whether the shell stays and restarts the plugin when it dies. Otherwise it becomes the plugin.
   */
  readonly guardian: boolean
  readonly settings?: GuardianSettings
  /** The oldest Node.js that the file is for, which is the oldest of all unless said. */
  readonly node?: string
}

/** The exit code where no Node.js is new enough (EX_UNAVAILABLE of sysexits.h). */
const UNAVAILABLE = 69

/** The exit code that tells the shell that Node.js is too old: one that programs hardly use. */
const TOO_OLD = 213

/**
 * When the compile cache is written, in milliseconds after the start: a host ends plugins with
 * SIGKILL, so nothing could be written at the end.
 */
const FLUSH_AFTER = 3_000

/**
 * Quotes a text for a POSIX shell. The result is inside a comment of JavaScript and must not end
 * it, so a star and a slash are separated by two quotes, which mean nothing to the shell.
 */
export const quoted = (text: string): string =>
  `'${text.replaceAll("'", "'\\''").replaceAll('*/', "*''/")}'`

/**
 * A `printf` command that prints a text exactly. It is ASCII, since it is in the same file as the
 * JavaScript: Node.js reads ASCII faster and keeps it in half the memory.
 */
const printed = (text: string): string => {
  const escaped = [...Buffer.from(text)]
    .map(byte =>
      byte === 0x5c ? '\\\\' : byte < 0x80 ? String.fromCharCode(byte) : `\\0${byte.toString(8)}`,
    )
    .join('')
  return `printf %b ${quoted(escaped)}`
}

/**
 * The script that Node.js is started with, which the oldest versions can read. It ends if Node.js
 * is too old, makes `argv[1]` the file's real path, turns on the compile cache in the plugin's own
 * directory, if that exists and nobody else can write to it, and has Node.js read no more of the
 * file than its script.
 */
export const bootScript = (id: string, node: string = OLDEST_NODE): string => {
  const [major, minor] = versionOf(node)
  return `
var p = process, a = p.argv, e = p.env, v = p.versions.node.split(".");
if (v[0] < ${major} || (v[0] == ${major} && v[1] < ${minor})) p.exit(${TOO_OLD});
var f = require("fs"), m = require("module"), x = e.XDG_STATE_HOME;
a[1] = f.realpathSync(a[1]);
if (m.flushCompileCache && !e.NODE_COMPILE_CACHE) {
  x = x && x[0] === "/" ? x : e.HOME + "/.local/state";
  (e.TORU_DATA_DIR ? [e.TORU_DATA_DIR] : ["${SYSTEM_DATA}", x + "/toru-plugins"]).some(function (d) {
    var s = f.lstatSync(d += "/${id}", { throwIfNoEntry: false });
    if (s && s.isDirectory() && s.uid === p.geteuid() && !(s.mode & 63)) {
      m.enableCompileCache(d + "/compile-cache");
      setTimeout(m.flushCompileCache, ${FLUSH_AFTER}).unref();
    }
    return s;
  });
}
m._extensions["${BINARY_SUFFIX}"] = function (o, n) {
  var d = f.openSync(n), s = f.fstatSync(d).size, b = Buffer.alloc(${PACKED_END_BYTES});
  function read(at, c) { return c.toString("utf8", 0, f.readSync(d, c, 0, c.length, at)); }
  var end = ${SCRIPT_LENGTH}.exec(read(Math.max(0, s - b.length), b));
  if (!end) { console.error(n + " is cut off: copy it again"); p.exit(1); }
  s = read(0, Buffer.alloc(+end[1]));
  f.closeSync(d);
  o._compile(s, n);
};
require(a[1]);
`.trim()
}

/**
 * Where Node.js may be if it is not in the `PATH`, which is short for a service. No star may come
 * before a slash.
 */
const PLACES = [
  '/usr/local/bin/node',
  '/usr/bin/node',
  '/opt/node/bin/node',
  '/snap/bin/node',
  '"$HOME"/.nvm/versions/node/*"/bin/node"',
  '"$HOME"/.volta/tools/image/node/*"/bin/node"',
  '"$HOME"/.local/share/fnm/node-versions/*"/installation/bin/node"',
  '"$HOME"/.asdf/installs/nodejs/*"/bin/node"',
  '"$HOME"/.local/share/mise/installs/node/*"/bin/node"',
  '"$HOME"/.local/bin/node',
  '/usr/local/n/versions/node/*"/bin/node"',
]

type Version = readonly [major: number, minor: number]

const versionOf = (node: string): Version => {
  const [major = 0, minor = 0] = numbers(node)
  return [major, minor]
}

/**
 * The shell part of a packed plugin, from the first line of the file to the end of the comment that
 * hides it from JavaScript. It is one group, so the shell reads all of it before it runs any of it,
 * and it always exits: the shell never reads the JavaScript below.
 */
export const shellPart = ({
  id,
  metadata,
  guardian,
  settings = GUARDIAN_DEFAULTS,
  node = OLDEST_NODE,
}: ShellPart): string => {
  const [major, minor] = versionOf(node)
  return `#!/bin/sh
":" /* A Toru plugin, made by toru-plugin pack: a shell script, and below it JavaScript.
{
if [ "\${1-}" = --metadata ]; then
  ${printed(metadata)}
  exit
fi

case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac

# One log entry in the host's form: a line that fills what the host reads at once. A terminal gets plain text.
say() {
  if [ -t 2 ]; then echo "$1" >&2; return; fi
  text=$(printf %s "$1" | tr '\\000-\\037' ' ' | sed 's/[\\\\"]/\\\\&/g')
  printf '%-${HOST_LOG_READ - 1}s\\n' "{\\"timestamp\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\",\\"level\\":\\"Error\\",\\"message\\":\\"$text\\",\\"plugin\\":\\"${id}\\",\\"pid\\":$$}" >&2
}

# Whether the Node.js at a path is new enough; its version is then in $version.
fits() {
  version=$("$1" -v 2>/dev/null </dev/null) || return 1
  major=\${version#v}
  minor=\${major#*.}
  major=\${major%%.*}
  minor=\${minor%%.*}
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -gt ${major} ] || { [ "$major" -eq ${major} ] && [ "$minor" -ge ${minor} ]; }
}

# Looks everywhere, and runs each for its version, which takes time.
find_node() {
  found=
  if [ -n "\${TORU_NODE-}" ]; then set -- "$TORU_NODE"; else set -- "$(command -v node)" ${PLACES.join(' \\\n    ')}; fi
  for node in "$@"; do
    [ -x "$node" ] || continue
    fits "$node" && return
    found="$found, $node is \${version:-no Node.js}"
  done
  say "This plugin needs Node.js ${major}.${minor} or newer\${found:-, and there is none}\${TORU_NODE:+ (TORU_NODE is $TORU_NODE)}. Install one, or set TORU_NODE to the path of one."
  exit ${UNAVAILABLE}
}

start() { exec "$node" -e ${quoted(bootScript(id, node))} "$self" "$@"; }

# The first is used as it is: it ends itself if it is too old.
if [ -n "\${TORU_NODE-}" ]; then node=$TORU_NODE; else node=node; fi
command -v "$node" >/dev/null 2>&1 || find_node

if [ $# -gt 0 ] && [ "$1" != --no-guardian ]; then
  fits "$node" || find_node
  start "$@"
fi
# Nobody reads a plugin's stdout, so it goes to stderr, if there is one.
[ -t 1 ] || command exec >&2 || :
${
  guardian
    ? `if [ $# -gt 0 ]; then
  fits "$node" || find_node
  start
fi
set -- start
checked=
${guardianLoop(settings, `${TOO_OLD}) [ -n "$checked" ] || { checked=1; find_node; continue; } ;;`)}`
    : `fits "$node" || find_node
start
`
}}
*/
`
}

/** Whether a shell part is one comment of JavaScript, which ends where it ends. */
export const isHidden = (shell: string): boolean =>
  shell.startsWith('#!/bin/sh\n":" /*') && shell.indexOf('*/') === shell.length - '*/\n'.length
