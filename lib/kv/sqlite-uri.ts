import { pathToFileURL } from 'node:url'

/** A file as a URI that SQLite opens without locks and without a `-shm`, because nobody can change it. */
export const immutableUri = (file: string): string => `${pathToFileURL(file).href}?mode=ro&immutable=1`
