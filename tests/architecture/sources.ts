import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** The root of the checkout, with a slash at its end. */
export const root = new URL('../../', import.meta.url).pathname

/** The workspaces, the nested ones first, so that the first that fits a path is its own. */
export const WORKSPACES = [
  'gateway-broker/contract',
  'firmware-config/schema',
  'edge-agent',
  'gateway-broker',
  'cloud-api',
  'console',
  'provisioning',
  'tests',
] as const
export type Workspace = (typeof WORKSPACES)[number]

export type Source = { path: string; workspace: Workspace; text: string }

/** Every file that git knows or would add, by path from the root; deleted ones left out. */
export function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  return listed
    .toString()
    .split('\n')
    .filter((path) => path !== '' && existsSync(join(root, path)))
}

export const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

/** Every TypeScript file of the workspaces, generated ones left out. */
export function sources(): Source[] {
  return trackedFiles()
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('/generated/'))
    .flatMap((path) => {
      const workspace = WORKSPACES.find((name) => path.startsWith(`${name}/`))
      return workspace === undefined ? [] : [{ path, workspace, text: textOf(path) }]
    })
}

export const isTest = ({ path }: Source) => /\.test\.tsx?$/.test(path)

/** The specifiers of all imports of a source, dynamic ones too. */
export function importsOf({ text }: Source): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
}
