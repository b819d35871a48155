'use client';

import type { RoomState } from '@drape/contract';
import { EyeOff } from 'lucide-react';
import { useTranslations } from 'use-intl';

/** From this share on a picture has nothing left to see: frames were covered whole. */
export const WHOLE_SHARE = 0.95;

/** Says of a picture that is all cover that it is meant to be. */
export function WholeNote({ room }: { readonly room: RoomState | undefined }) {
  const t = useTranslations('figures');
  const share = room?.publisher?.coveredShare ?? 0;
  if (room?.live !== true || share <= WHOLE_SHARE) return null;
  return (
    <p
      role="status"
      data-testid="whole"
      className="coming absolute bottom-5 left-1/2 flex w-max max-w-[calc(100%-2rem)] -translate-x-1/2 items-center gap-3 rounded-full border border-covered/60 bg-night/90 px-5 py-2.5 text-lg font-semibold text-covered"
    >
      <EyeOff aria-hidden className="size-6 shrink-0" />
      {t('whole')}
    </p>
  );
}
