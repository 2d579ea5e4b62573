/** A labelled input with its hint and, once there is something to say, what is wrong with it. */
import { type HTMLInputTypeAttribute, useId } from 'react'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string | undefined
  /** What is wrong with the value; undefined where nothing is. */
  readonly error?: string | undefined
  readonly type?: HTMLInputTypeAttribute
  readonly inputMode?: 'text' | 'decimal' | 'numeric'
  readonly isMono?: boolean
  readonly autoComplete?: string
  readonly isDisabled?: boolean
}

export function Field({
  label,
  value,
  onChange,
  hint,
  error,
  type = 'text',
  inputMode = 'text',
  isMono = false,
  autoComplete = 'off',
  isDisabled = false,
}: FieldProps) {
  const id = useId()
  const said = error ?? hint
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className={isMono ? 'input mono' : 'input'}
        type={type}
        inputMode={inputMode}
        autoComplete={autoComplete}
        spellCheck={false}
        value={value}
        disabled={isDisabled}
        aria-invalid={error !== undefined}
        aria-describedby={said === undefined ? undefined : `${id}-said`}
        onChange={(event) => onChange(event.target.value)}
      />
      {said === undefined ? null : (
        <p id={`${id}-said`} className={error === undefined ? 'hint' : 'hint fault'}>
          {said}
        </p>
      )}
    </div>
  )
}
