/**
 * Adds up what passed and failed, and ends the process with what failed by name and one plain line of it all: who reads
 * only the end of a long run must find there what to look at.
 */
export function createTally() {
  const sum = { passed: 0, failed: 0 }
  const failures = []
  return {
    add({ passed, failed, failures: more = [] }) {
      sum.passed += passed
      sum.failed += failed
      failures.push(...more)
    },
    /** A check that is one thing: types, lint. */
    addCheck(name, isPassed) {
      console.log(`${name}: ${isPassed ? 'right' : 'WRONG'}`)
      this.add(isPassed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, failures: [name] })
    },
    close() {
      for (const failure of failures) console.log(`\nFAILED ${failure}`)
      console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
      process.exitCode = sum.failed === 0 ? 0 : 1
    },
  }
}
