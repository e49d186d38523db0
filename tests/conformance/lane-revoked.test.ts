import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevelopmentAuthority } from '@vigie/provisioning/authority/development-authority'
import { expect, test } from 'vitest'
import { openLaneFolder } from '../fixtures/museum/lane-folder.ts'
import { createTrialSigner, SITE } from '../fixtures/museum/trial-catalogue.ts'
import { openUnitOffice } from '../fixtures/unit-office.ts'
import { type LogLine, startUnitProcess } from '../fixtures/unit-process.ts'

const UNIT = 'vg-tripod1'
const [A, B] = ['00000000000000a1', '00000000000000a2'] as const

test('Y11: a box that is revoked lets nobody in, not after a kill and without a network either, until it is enrolled anew', {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-lane-revoked-'))
  const office = await openUnitOffice()
  const signer = await signerIn(join(folder, 'lists'))
  const lane = await openLaneFolder(folder, { unit: UNIT, signer })
  await office.enrolAt(Date.now(), { unit: UNIT, site: SITE, folder: lane.dataFolder })
  const start = () => startUnitProcess(lane.dataFolder, office, lane.env)
  let agent = start()
  const stands = (mode: string, fault?: string) => (line: LogLine) =>
    line['event'] === 'lane.standing' && line['mode'] === mode && line['fault'] === fault
  try {
    await agent.says(stands('locked'))
    await agent.says(({ event }) => event === 'uplink.connected')
    expect(await lane.show(signer.ticket(A), agent)).toBe('ok')
    await lane.goThrough()

    await office.revoke(UNIT)
    await agent.says(stands('out-of-service', 'revoked'))
    expect(await lane.show(signer.ticket(B), agent)).toBe('lane_closed')
    office.cut()
    await agent.kill()
    agent = start()
    await agent.says(stands('out-of-service', 'revoked'))
    expect(await lane.show(signer.ticket(B), agent)).toBe('lane_closed')
    expect(await lane.tripod.push('A')).toBe(false)
    lane.tripod.set('burning', true)
    await agent.says(stands('fire', 'revoked'))
    lane.tripod.set('burning', false)

    office.restore()
    const { code } = await office.authority.claim({ unit: UNIT, site: SITE })
    writeFileSync(join(lane.dataFolder, 'identity', 'claim.json'), JSON.stringify({ unit: UNIT, code }))
    await agent.says(stands('locked'))
    expect(await lane.show(signer.ticket(A), agent)).toBe('already_redeemed')
    expect(await lane.show(signer.ticket(B), agent)).toBe('ok')
  } finally {
    await agent.kill('SIGTERM')
    await lane.close()
    await office.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

/** A catalogue that was taken once is believed at each start: here by whom does not matter. */
async function signerIn(folder: string) {
  await createDevelopmentAuthority({ folder, units: [] }, { now: Date.now })
  return createTrialSigner(folder)
}
