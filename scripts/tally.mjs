/** Adds up what passed and failed, and ends the process with one plain line of it. */
export function createTally() {
  const sum = { passed: 0, failed: 0 }
  return {
    add({ passed, failed }) {
      sum.passed += passed
      sum.failed += failed
    },
    /** A check that is one thing: types, lint. */
    addCheck(name, isPassed) {
      console.log(`${name}: ${isPassed ? 'right' : 'WRONG'}`)
      this.add(isPassed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
    },
    close() {
      console.log(`\n${sum.passed} passed, ${sum.failed} failed`)
      process.exitCode = sum.failed === 0 ? 0 : 1
    },
  }
}
