'use client';

import type { RoomMode } from '@drape/contract';
import { LoaderCircle, Radio, Square } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PlanState } from '../../live/publish/plan-state.ts';
import { Button } from '../../ui/button.tsx';
import type { SourceHandle } from './use-source.ts';

/** The one decision of the page. Stop is always there while something is wanted. */
export function GoLive(props: {
  readonly plan: PlanState;
  readonly source: SourceHandle;
  readonly mode: RoomMode;
  readonly needsFile: boolean;
  readonly onGoLive: () => void;
  readonly onStop: () => void;
}) {
  const t = useTranslations('publish');
  const { plan, source, mode, needsFile, onGoLive, onStop } = props;
  if (plan.wanted) {
    const waiting = mode !== 'edge' && mode !== 'server';
    return (
      <div className="flex flex-col gap-3">
        <Button data-testid="stop" tone="alarm" size="large" className="w-full" onClick={onStop}>
          {waiting ? (
            <LoaderCircle aria-hidden className="turning size-7" />
          ) : (
            <Square aria-hidden className="size-7 fill-current" />
          )}
          {t('stop')}
        </Button>
        <p role="status" className="text-center text-[0.9375rem] text-soft">
          {waiting ? t('goingLive') : t('locked')}
        </p>
      </div>
    );
  }
  return (
    <Button
      data-testid="go-live"
      tone="primary"
      size="large"
      className="w-full"
      disabled={source.opening || needsFile}
      onClick={onGoLive}
    >
      <Radio aria-hidden className="size-7" />
      {t('goLive')}
    </Button>
  );
}
