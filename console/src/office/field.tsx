import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

type Props = {
  label: string
  value: string
  onValue: (value: string) => void
  isPassword?: boolean
  /** The browser checks what is typed before it is sent. */
  isEmail?: boolean
  autocomplete: string
  hint?: ComponentChildren
  isRequired?: boolean
  maxLength?: number
  inputMode?: 'numeric' | 'text'
  hasFocus?: boolean
}

/** A label, its box, and a word of help; the label is always seen. */
export function Field({ label, value, onValue, isPassword, isEmail, autocomplete, hint, hasFocus, ...more }: Props) {
  const id = useId()
  const { isRequired = true, maxLength = 128, inputMode } = more
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        {...typeOf(isPassword, isEmail)}
        value={value}
        autocomplete={autocomplete}
        autocapitalize="none"
        spellcheck={false}
        required={isRequired}
        maxLength={maxLength}
        {...(inputMode === undefined ? {} : { inputMode })}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-aide` })}
        ref={(box) => {
          if (hasFocus === true && box !== null && box !== document.activeElement && box.value === '') box.focus()
        }}
        onInput={({ currentTarget }) => onValue(currentTarget.value)}
      />
      {hint !== undefined && (
        <span class="hint" id={`${id}-aide`}>
          {hint}
        </span>
      )}
    </p>
  )
}

/** Each as it is, not as a union: the elements' types tell one from another by it. */
function typeOf(isPassword = false, isEmail = false) {
  if (isPassword) return { type: 'password' as const }
  return isEmail ? { type: 'email' as const } : { type: 'text' as const }
}
