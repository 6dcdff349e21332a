import { errorCode } from './thrown.js'

/**
 * Whether a process runs, whoever owns it. The system refuses a signal to another user's process
 * (EPERM), so only ESRCH says that it is gone.
 */
export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return errorCode(cause) !== 'ESRCH'
  }
}
