import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Fault } from '../faults.ts'
import { authorityFiles, newestOf, readGenerations, writeBundles } from './authority-folder.ts'

/**
 * Takes an older generation out of the bundles: what it issued is believed by nobody any more, once everybody has them. Its
 * files are kept aside. A box that slept through all of it still renews: the authority knows each certificate that it gave,
 * and the box follows the way from the old root to the new one.
 *
 * Throws a Fault `generation-in-force` for the newest, `authority-missing` for one that is not there.
 */
export function retireGeneration(folder: string, number: number): void {
  const generations = readGenerations(folder)
  if (newestOf(generations, folder).number === number) throw new Fault('generation-in-force', String(number))
  if (!generations.some((one) => one.number === number)) throw new Fault('authority-missing', `${folder} ${number}`)
  const files = authorityFiles(folder)
  const aside = join(folder, `retired-${number}`)
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  // The issuing certificate first: without it the generation is gone, wherever this is cut off.
  const parts = [files.issuing, files.issuingKey, files.root, files.rootKey, files.rootList, files.cross]
  for (const file of parts.map((fileOf) => fileOf(number))) {
    if (existsSync(file)) renameSync(file, join(aside, basename(file)))
  }
  writeBundles(folder)
}
