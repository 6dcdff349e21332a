import { described } from 'toru-plugin-api'
import { E, pipe, t } from 'toru-plugin-api/fp'

// No slash, no white space, nothing that a pattern of systemctl is made of (`*?[]`), and no dash at
// the beginning, where an option would stand: nor a dot, where it would look like a folder.
const PATTERN = /^(?![-.])[A-Za-z0-9:_.\\@-]+\.service$/
const SUFFIX = '.service'
const LONGEST = 255

interface ServiceNameBrand {
  readonly ServiceName: unique symbol
}

/**
 * A name that may be an argument of `systemctl`. Only decoding makes one, so the compiler refuses a
 * name that nobody has looked at.
 */
export type ServiceName = t.Branded<string, ServiceNameBrand>

const Complete = t.brand(
  t.string,
  // `getty@.service` is the template of services, and no service: one of them would make `systemctl
  // show` fail for all.
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
