require('node:net').createServer().listen(process.env.TORU_PLUGIN_SOCKET)
