import { useId, type InputHTMLAttributes } from 'react';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string | undefined;
}

export function TextField({ label, hint, problem, className, ...rest }: Props) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-[0.9375rem] text-soft">
        {label}
      </label>
      <input
        id={id}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        aria-invalid={problem === undefined ? undefined : true}
        {...rest}
        className="h-12 w-full rounded-2xl border border-edge-line bg-night px-4 text-text placeholder:text-soft/70 aria-invalid:border-alarm"
      />
      {note === undefined ? null : (
        <p
          id={`${id}-note`}
          role={problem === undefined ? undefined : 'alert'}
          className={problem === undefined ? 'mt-1 text-sm text-soft' : 'mt-1 text-sm text-alarm'}
        >
          {note}
        </p>
      )}
    </div>
  );
}
