'use client';

import { CameraOff, Unplug, WifiOff } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PlanState } from '../../live/publish/plan-state.ts';
import type { RoomSession } from '../../live/room-session.ts';
import { Notice } from '../../ui/notice.tsx';
import { useStore } from '../../ui/use-store.ts';
import { EdgeNotice } from './edge-notice.tsx';
import type { Settings } from './start-options.ts';
import type { SourceHandle } from './use-source.ts';

/** What the person should know or do now. Nothing, on a good day. */
export function Notices(props: {
  readonly session: RoomSession;
  readonly plan: PlanState;
  readonly source: SourceHandle;
  readonly settings: Settings;
}) {
  const t = useTranslations();
  const { session, plan, source } = props;
  const connection = useStore(session.signalling.connection);
  const { problem } = plan;
  return (
    <>
      {source.error ? (
        <Notice
          alarm
          icon={CameraOff}
          testId="source-error"
          title={t(`sourceError.${source.error}`)}
        >
          {t(`sourceError.${source.error}Do`)}
        </Notice>
      ) : null}
      {problem === 'source-ended' ? (
        <Notice alarm icon={Unplug} testId="source-ended" title={t('publish.sourceEnded')}>
          {t('publish.sourceEndedText')}
        </Notice>
      ) : null}
      {problem !== undefined && problem !== 'source-ended' ? (
        <Notice alarm testId="problem" title={t('error.title')}>
          {t(`error.${problem}`)}
        </Notice>
      ) : null}
      {source.muted ? <Notice alarm icon={CameraOff} title={t('publish.muted')} /> : null}
      {connection?.type === 'connecting' ? (
        <Notice
          icon={WifiOff}
          title={connection.lostBefore ? t('watch.reconnecting') : t('watch.connecting')}
        />
      ) : null}
      {plan.ordered ? (
        <Notice title={t('publish.ordered')}>{t(`cause.${plan.ordered.cause}`)}</Notice>
      ) : null}
      <EdgeNotice plan={plan} settings={props.settings} />
    </>
  );
}
