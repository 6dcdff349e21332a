import {
  Get,
  json,
  OnInit,
  Plugin,
  type PluginContext,
  Post,
  registerPlugin,
} from 'toru-plugin-api'

@Plugin({
  id: 'my-plugin',
  name: 'My Plugin',
  version: '1.0.0',
  author: 'Your Name',
  icon: '🔌',
  route: '/my-plugin',
})
class MyPlugin {
  @OnInit
  ready(ctx: PluginContext) {
    ctx.log.info('Plugin initialized')
    return ctx.kv.set('initialized', 'true')
  }

  @Get('/')
  hello() {
    return json({ status: 'ok', message: 'Hello from plugin!' })
  }

  @Post('/data')
  create() {
    return json({ status: 'created' })
  }
}

registerPlugin(new MyPlugin())
