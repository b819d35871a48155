'use client';

import type { RoomMode } from '@drape/contract';
import clsx from 'clsx';
import { useTranslations } from 'use-intl';
import { STATE_LOOK } from './state-look.ts';

export function StateBadge(props: { readonly mode: RoomMode; readonly large?: boolean }) {
  const t = useTranslations('state');
  const { icon: Icon, text, border } = STATE_LOOK[props.mode];
  return (
    <span
      className={clsx(
        'inline-flex shrink-0 items-center rounded-full border bg-night font-bold tracking-wide',
        props.large === true ? 'h-11 gap-2.5 px-4 text-xl' : 'h-8 gap-2 px-3 text-sm',
        text,
        border,
      )}
    >
      <Icon aria-hidden className={props.large === true ? 'size-6' : 'size-4'} strokeWidth={2.25} />
      {t(props.mode)}
    </span>
  );
}
