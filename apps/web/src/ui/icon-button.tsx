import clsx from 'clsx';
import type { LucideIcon } from 'lucide-react';
import { Tooltip } from 'radix-ui';
import type { ButtonHTMLAttributes } from 'react';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: LucideIcon;
  /** What it does; read aloud, and shown with the key that does the same. */
  readonly label: string;
  readonly shortcut?: string;
}

export function IconButton({ icon: Icon, label, shortcut, className, ...rest }: Props) {
  return (
    <Tooltip.Provider delayDuration={300}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <button
            type="button"
            aria-label={label}
            aria-keyshortcuts={shortcut}
            {...rest}
            className={clsx(
              'inline-flex size-12 shrink-0 items-center justify-center rounded-2xl text-soft transition-colors',
              'hover:bg-raised hover:text-text aria-pressed:bg-raised aria-pressed:text-accent-strong',
              className,
            )}
          >
            <Icon aria-hidden className="size-6" />
          </button>
        </Tooltip.Trigger>
        <Tooltip.Content
          sideOffset={6}
          collisionPadding={8}
          className="coming z-50 flex items-center gap-2 rounded-xl border border-edge-line bg-raised px-3 py-1.5 text-[0.9375rem]"
        >
          {label}
          {shortcut === undefined ? null : <Key>{shortcut}</Key>}
        </Tooltip.Content>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}

export function Key({ children }: { readonly children: string }) {
  return (
    <kbd className="inline-flex h-7 min-w-7 items-center justify-center rounded-lg border border-edge-line bg-night px-2 font-sans text-sm font-semibold text-text uppercase">
      {children}
    </kbd>
  );
}
