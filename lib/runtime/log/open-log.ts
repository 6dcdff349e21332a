import { descriptorKind } from './descriptor.js'
import { levelFrom } from './levels.js'
import { droppedLine } from './log-line.js'
import { type LoggerControl, makeLogger } from './logger.js'
import { stderrSink } from './stderr-sink.js'
import { redirectStdout } from './stdout.js'

/** The log of this process on its stderr, which includes everything that is printed. */
export const openLog = (pluginId: string): LoggerControl => {
  const { level, warning } = levelFrom(process.env.TORU_LOG_LEVEL)
  const sink = stderrSink(droppedLine(pluginId))
  const logger = makeLogger({ pluginId, level, sink, pretty: descriptorKind(2) === 'terminal' })
  redirectStdout((stream, text) =>
    stream === 'stdout' ? logger.log.info(text) : logger.log.error(text),
  )
  process.on('exit', () => logger.flushSync())
  if (warning !== undefined) logger.log.warn(warning)
  return logger
}
