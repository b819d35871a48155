import clsx from 'clsx';
import type { ButtonHTMLAttributes } from 'react';

export type Tone = 'primary' | 'plain' | 'quiet' | 'alarm';

const TONES: Readonly<Record<Tone, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong font-semibold',
  plain: 'bg-raised text-text border border-edge-line hover:bg-line',
  quiet: 'text-soft hover:text-text hover:bg-raised',
  alarm: 'bg-alarm-deep text-alarm border border-alarm/50 hover:bg-alarm hover:text-night',
};

const SIZES = {
  small: 'h-10 px-3.5 text-[0.9375rem] rounded-xl gap-2',
  normal: 'h-12 px-5 rounded-2xl gap-2.5',
  large: 'h-16 px-8 text-2xl rounded-2xl gap-3 font-bold',
} as const;

interface Look {
  readonly tone?: Tone;
  readonly size?: keyof typeof SIZES;
}

/** Classes of a button, for links that look like one. */
export function buttonClass({ tone = 'plain', size = 'normal' }: Look): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center whitespace-nowrap transition-colors select-none',
    'disabled:cursor-not-allowed disabled:opacity-45',
    TONES[tone],
    SIZES[size],
  );
}

export function Button({
  tone,
  size,
  className,
  ...rest
}: Look & ButtonHTMLAttributes<HTMLButtonElement>) {
  const look = { ...(tone ? { tone } : {}), ...(size ? { size } : {}) };
  return <button type="button" {...rest} className={clsx(buttonClass(look), className)} />;
}
