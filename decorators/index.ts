export { Every } from './every.js'
export { Kv, type KvDecorator } from './kv.js'
export { OnInit, OnShutdown } from './lifecycle.js'
export type {
  HandlerDecorator,
  KvHandlerDecorator,
  LifecycleDecorator,
} from './method-decorator.js'
export { Plugin, type PluginDecorator } from './plugin.js'
export { Delete, Get, Head, Options, Patch, Post, Put, type RouteDecorator } from './routes.js'
export { Use, type UseDecorator } from './use.js'
