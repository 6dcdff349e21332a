// A plugin without code whose keys are in the Redis at REDIS_SOCKET.
import KeyvRedis from '@keyv/redis'
import { Keyv } from 'keyv'
import { keyvKv, Plugin, registerPlugin } from 'toru-plugin-api'

const keyv = new Keyv(
  new KeyvRedis({ socket: { path: process.env.REDIS_SOCKET ?? '', tls: false } }),
)

@Plugin(
  { id: 'bench-redis', name: 'Bench', version: '1.0.0', icon: '📏', route: '/bench-redis' },
  { kv: keyvKv(keyv) },
)
class Bench {}

registerPlugin(new Bench())
