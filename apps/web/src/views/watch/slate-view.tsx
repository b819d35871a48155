'use client';

import clsx from 'clsx';
import { EyeOff, LoaderCircle, MonitorX, Power, WifiOff, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Slate } from '../../live/watch/slate.ts';

interface Words {
  readonly icon: LucideIcon;
  readonly turning?: boolean;
  readonly colour: string;
  readonly title: string;
  readonly text?: string | undefined;
  /** The last picture was anonymized and may stay, dimmed. */
  readonly sheer?: boolean;
}

/** What stands where no picture is: said large enough for the far wall. */
export function SlateView({
  slate,
  compact,
}: {
  readonly slate: Slate;
  readonly compact?: boolean;
}) {
  const words = useWords(slate);
  if (!words) return null;
  const { icon: Icon, title, text, colour, turning, sheer } = words;
  return (
    <div
      role="status"
      data-testid="slate"
      data-slate={slate.type}
      className={clsx(
        'absolute inset-0 grid place-items-center p-6 text-center',
        sheer === true ? 'bg-night/75' : 'bg-night',
      )}
    >
      <div className="flex max-w-2xl flex-col items-center">
        <Icon
          aria-hidden
          strokeWidth={1.5}
          className={clsx(
            'mb-5',
            colour,
            compact === true ? 'size-12' : 'size-16 sm:size-20',
            turning === true && 'turning',
          )}
        />
        <p
          className={clsx(
            'font-bold text-balance',
            compact === true ? 'text-2xl' : 'text-3xl sm:text-5xl',
          )}
        >
          {title}
        </p>
        {text === undefined ? null : (
          <p
            className={clsx(
              'mt-3 text-balance text-soft',
              compact === true ? 'text-base' : 'text-lg sm:text-2xl',
            )}
          >
            {text}
          </p>
        )}
      </div>
    </div>
  );
}

function useWords(slate: Slate): Words | undefined {
  const t = useTranslations();
  const waiting = { icon: LoaderCircle, turning: true, colour: 'text-accent' } as const;
  switch (slate.type) {
    case 'none':
      return undefined;
    // The page itself says these two.
    case 'ended':
    case 'refused':
      return undefined;
    case 'connecting':
      return { ...waiting, title: t('watch.connecting') };
    case 'opening':
      return { ...waiting, title: t('watch.opening') };
    case 'unplayable':
      return {
        icon: MonitorX,
        colour: 'text-covered',
        title: t('watch.unplayable'),
        text: t('watch.unplayableText'),
      };
    case 'reconnecting':
      return {
        icon: WifiOff,
        colour: 'text-covered',
        title: t('watch.reconnecting'),
        text: t('watch.reconnectingText'),
        sheer: true,
      };
    case 'stalled':
      return {
        ...waiting,
        title: t('watch.stalled'),
        text: t('watch.stalledText'),
        sheer: true,
      };
    case 'covered':
      return {
        icon: EyeOff,
        colour: 'text-covered',
        title: t('watch.covered'),
        text: slate.cause && t(`cause.${slate.cause}`),
      };
    case 'off':
      return {
        icon: Power,
        colour: 'text-off',
        title: t('watch.off'),
        text: t('watch.offText'),
      };
  }
}
