'use client';

import clsx from 'clsx';
import { Mic, MicOff } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RoomSession } from '../../live/room-session.ts';
import { SoundSender, type SoundState } from '../../live/sound/sound-sender.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useStore } from '../../ui/use-store.ts';
import { useOwned } from '../use-owned.ts';
import { Consent } from './sound-consent.tsx';
import { useLevel } from './use-level.ts';

const OFF: SoundState = { type: 'off' };

/** Sound: off until somebody says that everybody agreed, and off again with every end. */
export function SoundPanel(props: { readonly session: RoomSession; readonly live: boolean }) {
  const t = useTranslations('sound');
  const { session, live } = props;
  const sender = useOwned(useCallback(() => new SoundSender(session), [session]));
  const state = useStore(sender?.state) ?? OFF;
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (!live) sender?.stop();
  }, [live, sender]);
  const on = state.type === 'on';
  return (
    <section
      data-testid="sound"
      data-sound={state.type}
      className={clsx('rounded-card border bg-panel p-5', on ? 'border-alarm/60' : 'border-line')}
    >
      <div className="flex items-center gap-4">
        {on ? (
          <Mic aria-hidden className="size-8 shrink-0 text-alarm" />
        ) : (
          <MicOff aria-hidden className="size-8 shrink-0 text-soft" />
        )}
        <div className="min-w-0 grow">
          <p role="status" className="text-xl font-bold">
            {on ? t('on') : t('off')}
          </p>
          <p className="text-[0.9375rem] text-soft">{on ? t('onText') : t('offText')}</p>
        </div>
      </div>
      {on ? <Level track={state.track} label={t('level')} /> : null}
      {state.type === 'off' && state.problem !== undefined ? (
        <div className="mt-4">
          <Notice alarm icon={MicOff} testId="sound-problem" title={t('problem')}>
            {t(`problem-${state.problem}`)}
          </Notice>
        </div>
      ) : null}
      <Button
        data-testid={on ? 'sound-off' : 'sound-on'}
        tone={on ? 'alarm' : 'plain'}
        className="mt-4 w-full"
        disabled={!live || state.type === 'starting'}
        onClick={() => {
          if (on) sender?.stop();
          else setAsking(true);
        }}
      >
        {on ? t('switchOff') : t('switchOn')}
      </Button>
      {live || on ? null : <p className="mt-2 text-sm text-soft">{t('whenLive')}</p>}
      <Consent
        open={asking && live && !on}
        onOpenChange={setAsking}
        onAgree={() => {
          setAsking(false);
          void sender?.start();
        }}
      />
    </section>
  );
}

/** Shows that the right microphone is heard. */
function Level({ track, label }: { readonly track: MediaStreamTrack; readonly label: string }) {
  const share = useLevel(track);
  return (
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * share)}
      className="mt-4 h-2.5 overflow-hidden rounded-full bg-night"
    >
      <div
        className="h-full rounded-full bg-alarm transition-[width] duration-100"
        style={{ width: `${Math.round(100 * share)}%` }}
      />
    </div>
  );
}
