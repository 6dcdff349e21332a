import { droppedLine, levelFrom } from './log-line.js'
import { type LoggerControl, makeLogger } from './logger.js'
import { descriptorKind, openStderr } from './stderr-sink.js'
import { redirectStdout } from './stdout.js'

/** The log of this process on its stderr, with everything that anybody prints in it. */
export const openLog = (pluginId: string): LoggerControl => {
  const { level, warning } = levelFrom(process.env.TORU_LOG_LEVEL)
  const sink = openStderr(droppedLine(pluginId))
  const logger = makeLogger({ pluginId, level, sink, pretty: descriptorKind(2) === 'terminal' })
  redirectStdout((stream, text) =>
    stream === 'stdout' ? logger.log.info(text) : logger.log.error(text),
  )
  process.on('exit', () => logger.flushSync())
  if (warning !== undefined) logger.log.warn(warning)
  return logger
}
