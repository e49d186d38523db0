import { STEP_WORDS, STEPS } from './steps/steps.ts'

/** The technician's page: one step a screen. */
export function App() {
  return (
    <main>
      <h1>Pose d’un boîtier</h1>
      <ol>
        {STEPS.map((step) => (
          <li key={step}>
            {STEP_WORDS[step].title} : {STEP_WORDS[step].task}
          </li>
        ))}
      </ol>
    </main>
  )
}
