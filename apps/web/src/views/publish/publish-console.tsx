'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { INITIAL_PLAN } from '../../live/publish/plan-state.ts';
import type { RoomSession } from '../../live/room-session.ts';
import { Header } from '../../ui/header.tsx';
import { useStore } from '../../ui/use-store.ts';
import { GoLive } from './go-live.tsx';
import { HandOver } from './hand-over.tsx';
import { Notices } from './notices.tsx';
import { Preview } from './preview.tsx';
import { SettingsForm } from './settings-form.tsx';
import { SoundPanel } from './sound-panel.tsx';
import { startOptions, termsOf, type Settings } from './start-options.ts';
import { StatePanel } from './state-panel.tsx';
import { usePublisher } from './use-publisher.ts';
import { useSource } from './use-source.ts';
import { useStay } from './use-stay.ts';

export function PublishConsole({ session }: { readonly session: RoomSession }) {
  const t = useTranslations('title');
  const [options] = useState(() => startOptions(new URLSearchParams(location.search)));
  const [settings, setSettings] = useState<Settings>(options.settings);
  const [file, setFile] = useState<File>();
  const source = useSource(settings, file);
  const terms = useMemo(() => termsOf(settings), [settings]);
  const publisher = usePublisher(session, terms, source.source);
  const view = useStore(publisher?.view);
  const plan = view?.plan ?? INITIAL_PLAN;
  const room = useStore(session.state);
  const joined = useStore(session.joined);
  useStay(plan.wanted);

  const change = (part: Partial<Settings>) => {
    const sourceKeys: (keyof Settings)[] = ['source', 'deviceId', 'height'];
    if (sourceKeys.some((key) => key in part)) source.close();
    setSettings((before) => ({ ...before, ...part }));
  };
  const goLive = async () => {
    if (await source.open()) publisher?.goLive();
  };
  const started = useRef(false);
  useEffect(() => {
    if (!options.start || started.current || !publisher || !joined) return;
    started.current = true;
    void goLive();
  });

  const mode = room?.mode ?? 'off';
  const needsFile = settings.source === 'file' && !file;
  return (
    <>
      <Header page={t('publish')} room={joined?.room.title} stay={plan.wanted} />
      <main
        id="content"
        data-drape-page="publish"
        data-drape-state={mode}
        data-drape-epoch={room?.epoch ?? ''}
        className="mx-auto grid max-w-[1680px] gap-4 p-4 sm:gap-5 sm:p-5 lg:grid-cols-[minmax(0,1fr)_23rem]"
      >
        <div className="flex min-w-0 flex-col gap-4 sm:gap-5">
          <Preview session={session} view={view} room={room} source={source} canOpen={!needsFile} />
          <StatePanel room={room} view={view} />
        </div>
        <div className="flex min-w-0 flex-col gap-4 sm:gap-5">
          <GoLive
            plan={plan}
            source={source}
            mode={mode}
            needsFile={needsFile}
            onGoLive={() => void goLive()}
            onStop={() => publisher?.stop()}
          />
          <HandOver plan={plan} onHandOver={() => publisher?.handOver()} />
          <Notices session={session} plan={plan} source={source} settings={settings} />
          <SoundPanel session={session} live={plan.wanted && plan.current !== undefined} />
          <SettingsForm
            settings={settings}
            locked={plan.wanted}
            source={source}
            onChange={change}
            onFile={(chosen) => {
              source.close();
              setFile(chosen);
            }}
          />
        </div>
      </main>
    </>
  );
}
