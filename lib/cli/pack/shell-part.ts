import {
  GUARDIAN_DEFAULTS,
  type GuardianSettings,
  guardianLoop,
} from '../../runtime/supervision/guardian.js'

/** What the shell part of a packed plugin needs to know. */
export interface ShellPart {
  readonly id: string
  /** What `--metadata` prints, to the byte. */
  readonly metadata: string
  /**
   * Whether the shell stays and starts the plugin again when it dies; otherwise it becomes the
   * plugin.
   */
  readonly guardian: boolean
  readonly settings?: GuardianSettings
}

/** The oldest Node.js that runs a plugin. */
export const OLDEST_NODE = { major: 20, minor: 19 } as const

/**
 * What the plugin's own file ends with where no Node.js is new enough (EX_UNAVAILABLE of
 * sysexits.h).
 */
const UNAVAILABLE = 69

/**
 * With this code {@link BOOT} tells the shell that the Node.js is too old: one that programs hardly
 * use.
 */
const TOO_OLD = 213

/**
 * How long after the start the compile cache is written, in milliseconds: a host ends plugins with
 * SIGKILL, so that nothing would be written at the end.
 */
const FLUSH_AFTER = 3_000

/**
 * Text in single quotes for a POSIX shell. It stands inside a comment of JavaScript, whose end must
 * not be in it: two quotes between a star and a slash are nothing to the shell.
 */
export const quoted = (text: string): string =>
  `'${text.replaceAll("'", "'\\''").replaceAll('*/', "*''/")}'`

/**
 * The words that make `printf` print a text to the byte. They are ASCII, for the file's JavaScript
 * stands in the same text: Node.js reads ASCII in less time and keeps it in half the memory.
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
 * What Node.js is started with: JavaScript that the oldest versions can read. It refuses one that
 * is too old, makes `argv[1]` the file's real path, and has the compiled code kept between starts
 * in the plugin's own directory, if that is there already and nobody else can write to it.
 */
const boot = (id: string): string => `
var p = process, a = p.argv, e = p.env, v = p.versions.node.split(".");
if (v[0] < ${OLDEST_NODE.major} || (v[0] == ${OLDEST_NODE.major} && v[1] < ${OLDEST_NODE.minor})) p.exit(${TOO_OLD});
var f = require("fs"), m = require("module"), x = e.XDG_STATE_HOME;
a[1] = f.realpathSync(a[1]);
if (m.flushCompileCache && !e.NODE_COMPILE_CACHE) {
  x = x && x[0] === "/" ? x : e.HOME + "/.local/state";
  (e.TORU_DATA_DIR ? [e.TORU_DATA_DIR] : ["/var/lib/toru-plugins", x + "/toru-plugins"]).some(function (d) {
    var s = f.lstatSync(d += "/${id}", { throwIfNoEntry: false });
    if (s && s.isDirectory() && s.uid === p.geteuid() && !(s.mode & 63)) {
      m.enableCompileCache(d + "/compile-cache");
      setTimeout(m.flushCompileCache, ${FLUSH_AFTER}).unref();
    }
    return s;
  });
}
require(a[1]);
`

/**
 * Where a Node.js may be that is not in `PATH`: a host that is a service has a short one. Written
 * so that no star stands before a slash.
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

const WANTED = `Node.js ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer`

/**
 * The shell's part of a packed plugin: the first line of the file to the end of the comment that
 * hides it from JavaScript. All of it is one group, so that the shell has read it to its end before
 * it runs any of it, and it ends the shell: what stands below is not the shell's.
 */
export const shellPart = ({
  id,
  metadata,
  guardian,
  settings = GUARDIAN_DEFAULTS,
}: ShellPart): string => `#!/bin/sh
":" /* A Toru plugin, made by toru-plugin pack: a shell script, and below it JavaScript.
{
if [ "\${1-}" = --metadata ]; then
  ${printed(metadata)}
  exit
fi

case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac

# One entry of the log in the host's form: a line that fills what the host reads at once. A person gets plain text.
say() {
  if [ -t 2 ]; then echo "$1" >&2; return; fi
  text=$(printf %s "$1" | tr '\\000-\\037' ' ' | sed 's/[\\\\"]/\\\\&/g')
  printf '%-4095s\\n' "{\\"timestamp\\":\\"$(date -u +%Y-%m-%dT%H:%M:%SZ)\\",\\"level\\":\\"Error\\",\\"message\\":\\"$text\\",\\"plugin\\":\\"${id}\\",\\"pid\\":$$}" >&2
}

# Whether the Node.js at a path is new enough; its version is then in $version.
fits() {
  version=$("$1" -v 2>/dev/null </dev/null) || return 1
  major=\${version#v}
  minor=\${major#*.}
  major=\${major%%.*}
  minor=\${minor%%.*}
  case $major$minor in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -gt ${OLDEST_NODE.major} ] || { [ "$major" -eq ${OLDEST_NODE.major} ] && [ "$minor" -ge ${OLDEST_NODE.minor} ]; }
}

# Looks everywhere, and asks each for its version, which takes its time.
find_node() {
  found=
  if [ -n "\${TORU_NODE-}" ]; then set -- "$TORU_NODE"; else set -- "$(command -v node)" ${PLACES.join(' \\\n    ')}; fi
  for node in "$@"; do
    [ -x "$node" ] || continue
    fits "$node" && return
    found="$found, $node is \${version:-no Node.js}"
  done
  say "This plugin needs ${WANTED}\${found:-, and there is none}\${TORU_NODE:+ (TORU_NODE is $TORU_NODE)}. Install one, or set TORU_NODE to the path of one."
  exit ${UNAVAILABLE}
}

start() { exec "$node" -e ${quoted(boot(id).trim())} "$self" "$@"; }

# The first is taken as it is: it says itself if it is too old.
if [ -n "\${TORU_NODE-}" ]; then node=$TORU_NODE; else node=node; fi
command -v "$node" >/dev/null 2>&1 || find_node

if [ $# -gt 0 ] && [ "$1" != --no-guardian ]; then
  fits "$node" || find_node
  start "$@"
fi
# Nobody reads the stdout of a plugin. Without a stderr there is nothing to send it to.
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

/**
 * Where the first end of a comment stands in the shell's part, which is the only one: what comes
 * after it is JavaScript.
 */
export const isHidden = (shell: string): boolean =>
  shell.startsWith('#!/bin/sh\n":" /*') && shell.indexOf('*/') === shell.length - '*/\n'.length
