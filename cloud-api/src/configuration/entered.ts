import {
  type ConfigurationDocument,
  configurationProblems,
  type EnteredConfiguration,
  type ShownConfiguration,
  type StoredConfiguration,
} from '@vigie/config-schema/configuration/configuration'
import type { Problem } from '@vigie/config-schema/problems'
import type { Vault } from '../vault.ts'

export type Entered = { ok: true; documents: StoredConfiguration } | { ok: false; problems: Problem[] }

/**
 * Makes of what a person handed in what is kept: every mistake by its place, new passwords sealed to the vault, those that
 * stay taken over. A password stays only where its camera stays at its host: else whoever may change an address could have
 * it told to a host of his own.
 */
export function takeEntered(
  entered: Readonly<Record<ConfigurationDocument, unknown>>,
  before: StoredConfiguration | null,
  site: string,
  vault: Vault | null,
): Entered {
  const problems = configurationProblems(entered, 'entered')
  if (problems.length > 0) return { ok: false, problems }
  const { camera, ...others } = entered as EnteredConfiguration // checked on the lines above
  if (others.site.id !== site) problems.push({ place: 'site.id', message: `must be "${site}"` })
  problems.push(...unraisedMasks(others.masks, before))

  const cameras: StoredConfiguration['camera']['cameras'] = []
  camera.cameras.forEach(({ access, ...rest }, index) => {
    if (access === undefined) {
      cameras.push(rest)
      return
    }
    const { password, ...way } = access
    if (password === undefined) {
      cameras.push({ ...rest, access: way })
      return
    }
    const place = `camera.cameras[${index}].access.password`
    const { host } = new URL(access.url)
    const standing = before?.camera.cameras.find(({ id }) => id === rest.id)?.access
    if (password === true) {
      const isSameHost = standing !== undefined && new URL(standing.url).host === host
      if (standing?.password === undefined) problems.push({ place, message: 'none is there: it must be entered' })
      else if (!isSameHost) problems.push({ place, message: 'must be entered again, since the address is another' })
      else cameras.push({ ...rest, access: { ...way, password: standing.password } })
    } else if (vault === null)
      problems.push({ place, message: 'cannot be kept: the cloud has no vault (VAULT_KEY_FILE)' })
    else cameras.push({ ...rest, access: { ...way, password: vault.seal(password, { site, camera: rest.id, host }) } })
  })
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, documents: { ...others, camera: { cameras } } }
}

/** What anybody may read who may read configuration: whether there is a password, and never what it is. */
export function shownOf({ camera, ...others }: StoredConfiguration): ShownConfiguration {
  const cameras = camera.cameras.map(({ access, ...rest }) => {
    if (access === undefined) return rest
    const { password, ...way } = access
    return { ...rest, access: { ...way, ...(password !== undefined && { password: true as const }) } }
  })
  return { ...others, camera: { cameras } }
}

/** A frame says under which version of its masks it was made: other zones under the same number would make that a lie. */
function unraisedMasks({ views }: StoredConfiguration['masks'], before: StoredConfiguration | null): Problem[] {
  return views.flatMap(({ camera, preset, masks }, index) => {
    const old = before?.masks.views.find((view) => view.camera === camera && view.preset === preset)?.masks
    if (old === undefined || JSON.stringify(old) === JSON.stringify(masks)) return []
    const message = `must be greater than ${old.version}, since the masks have changed`
    return masks.version > old.version ? [] : [{ place: `masks.views[${index}].masks.version`, message }]
  })
}
