import { described } from 'toru-plugin-api'
import { E, pipe, t } from 'toru-plugin-api/fp'

// No slash, no white space, and none of systemctl's wildcards (`*?[]`). A dash at the beginning
// would make it an option, and a dot would look like a folder.
const PATTERN = /^(?![-.])[A-Za-z0-9:_.\\@-]+\.service$/
const SUFFIX = '.service'
const LONGEST = 255

interface ServiceNameBrand {
  readonly ServiceName: unique symbol
}

/**
 * A name that may be an argument of `systemctl`. Only the codec makes one, so the compiler refuses
 * a name that was not decoded.
 */
export type ServiceName = t.Branded<string, ServiceNameBrand>

const Complete = t.brand(
  t.string,
  // `getty@.service` is a template and not a service: `systemctl show` fails for all names if one
  // is a template.
  (text): text is ServiceName =>
    text.length <= LONGEST && PATTERN.test(text) && !text.endsWith(`@${SUFFIX}`),
  'ServiceName',
)

/** `ssh` or `ssh.service`; both become `ssh.service`. */
export const ServiceName = described(
  new t.Type<ServiceName, string, unknown>(
    'the name of a service, such as ssh.service',
    Complete.is,
    (u, context) =>
      pipe(
        t.string.validate(u, context),
        E.map(text => (text.endsWith(SUFFIX) ? text : text + SUFFIX)),
        E.chain(text => (Complete.is(text) ? t.success(text) : t.failure(u, context))),
      ),
    String,
  ),
  { type: 'string', maxLength: LONGEST, pattern: '^(?![-.])[A-Za-z0-9:_.\\\\@-]+$' },
)
