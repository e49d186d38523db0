import { useState } from 'preact/hooks'

/** For a code that no camera reads, and for readers that type what they read. */
export function TypedCode({ onCode }: { onCode: (code: string) => void }) {
  const [typed, setTyped] = useState('')
  return (
    <form
      class="typed"
      onSubmit={(event) => {
        event.preventDefault()
        const code = typed.trim()
        setTyped('')
        if (code !== '') onCode(code)
      }}
    >
      <label for="code-tape">Code tapé ou lu par une douchette</label>
      <input
        id="code-tape"
        value={typed}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        maxLength={512}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit">Vérifier</button>
    </form>
  )
}
