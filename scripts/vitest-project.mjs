import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from './project.mjs'
import { runShown } from './step.mjs'

const vitest = join(projectFolder, 'node_modules', 'vitest', 'vitest.mjs')

/**
 * Runs one of vitest.config.ts's projects in the open and counts what it said. A file that could not even be loaded
 * counts as one failed test; a project without any file is no failure.
 */
export async function runVitest(project, { env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-vitest-'))
  const report = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const args = [vitest, 'run', '--project', project, '--passWithNoTests', ...reporters]
    const exit = await runShown(process.execPath, args, { env })
    return count(report, exit)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function count(file, exit) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: exit === 0 ? 0 : 1 }
  }
  const notLoaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = report.numFailedTests + notLoaded.length
  // An error outside any test (an unhandled rejection) fails the run too.
  return { passed: report.numPassedTests, failed: failed === 0 && exit !== 0 ? 1 : failed }
}
