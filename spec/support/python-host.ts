import { python } from '../fixtures/python.js'

// A host in Python: nothing of it is shared with what is tested.
const PRELUDE = `
import json, socket, struct, sys
path, *args = sys.argv[1:]
STAMP = '2026-01-15T10:00:00.123456789Z'
def dial():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(30)
    s.connect(path)
    return s
def frame(message):
    body = json.dumps(message).encode() if not isinstance(message, bytes) else message
    return struct.pack('>I', len(body)) + body
def exactly(s, count):
    data = b''
    while len(data) < count:
        piece = s.recv(count - len(data))
        if not piece: raise EOFError('%d of %d bytes' % (len(data), count))
        data += piece
    return data
def receive(s):
    return json.loads(exactly(s, struct.unpack('>I', exactly(s, 4))[0]))
def tagged(id, method='GET', where='/', headers={}, body=None):
    inner = {'method': method, 'path': where, 'headers': headers, 'body': body}
    return {'type': 'http', 'timestamp': STAMP, 'request_id': id, 'payload': {'type': 'http', 'request_id': id, 'payload': inner}}
def documented(id, method='GET', where='/', headers={}, body=None):
    return {'type': 'http', 'timestamp': STAMP, 'request_id': id, 'payload': {'method': method, 'path': where, 'headers': headers, 'body': body}}
def tell(value):
    print(json.dumps(value))
`

/**
 * Runs a Python program that has `dial`, `frame`, `receive` and messages at hand, and yields what
 * it told.
 */
export const pythonHost = (
  path: string,
  program: string,
  args: ReadonlyArray<string> = [],
): Promise<unknown> => python(`${PRELUDE}\n${program}`, [path, ...args])
