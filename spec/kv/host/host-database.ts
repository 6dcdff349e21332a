import type { SqliteDriver } from '../../../lib/kv/sqlite/driver/driver.js'

/** A database as the host makes it, with a row of another plugin's. */
export const hostDatabase = (driver: SqliteDriver, path: string): void => {
  const connection = driver.open(path, 'read-write')
  connection.exec('CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT)')
  connection.exec(
    'CREATE TABLE IF NOT EXISTS plugin_kv (plugin_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT, PRIMARY KEY (plugin_id, key))',
  )
  connection.exec(`INSERT INTO plugin_kv VALUES ('another', 'key', 'theirs')`)
  connection.close()
}
