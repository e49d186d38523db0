import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { projectFolder } from './project.mjs'
import { runShown } from './step.mjs'

/** How much of a failure's message stands at the end of a run. */
const SHOWN_LINES = 15

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
    return exit === 0 ? { passed: 0, failed: 0 } : { passed: 0, failed: 1, failures: ['a run without a report'] }
  }
  const failures = report.testResults.flatMap(failuresOf)
  // An error outside any test (an unhandled rejection) fails the run too.
  if (failures.length === 0 && exit !== 0) failures.push('an error outside any test')
  return { passed: report.numPassedTests, failed: failures.length, failures }
}

/** What failed in a file, each as its place, its name and the start of why. */
function failuresOf({ name, status, message, assertionResults }) {
  const place = relative(projectFolder, name)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (failed.length === 0) return status === 'failed' ? [`${place}\n${startOf(message)}`] : []
  return failed.map((test) => `${place} > ${test.fullName}\n${startOf(test.failureMessages.join('\n'))}`)
}

function startOf(text = '') {
  const lines = stripVTControlCharacters(text).split('\n')
  return lines
    .filter((line) => !line.includes('node_modules'))
    .slice(0, SHOWN_LINES)
    .join('\n')
}
