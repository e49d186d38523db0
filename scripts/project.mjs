import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's own folder, wherever it was cloned to. */
export const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))

/** Everything that a run keeps: databases, pictures, keys, logs. May be deleted when nothing runs. */
export const dataFolder = resolve(projectFolder, process.env.VIGIE_DATA || 'data')

/** The log of installing and building; the last lines of it are shown when that fails. */
export const setupLog = join(dataFolder, 'logs', 'setup.log')
