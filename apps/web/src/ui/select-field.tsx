import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useId, type ReactNode, type SelectHTMLAttributes } from 'react';

interface Props extends Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
  readonly onChoose: (value: string) => void;
}

/** A labelled select: the browser's own, so that it works with every keyboard and screen reader. */
export function SelectField({ label, hint, children, onChoose, className, ...rest }: Props) {
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-[0.9375rem] text-soft">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          {...rest}
          onChange={(event) => {
            onChoose(event.target.value);
          }}
          className={clsx(
            'picker inline-flex h-12 w-full items-center appearance-none truncate rounded-2xl border border-edge-line bg-raised pr-11 pl-4 text-text transition-colors',
            'hover:not-disabled:bg-line disabled:cursor-not-allowed disabled:border-line disabled:text-soft',
          )}
        >
          {children}
        </select>
        <ChevronDown
          aria-hidden
          className="pointer-events-none absolute top-3.5 right-4 size-5 text-soft"
        />
      </div>
      {hint === undefined ? null : (
        <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}
