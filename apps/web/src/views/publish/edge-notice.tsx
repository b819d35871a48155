'use client';

import { MonitorX } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { MESSAGES } from '../../i18n/messages.ts';
import type { PlanState } from '../../live/publish/plan-state.ts';
import { Notice } from '../../ui/notice.tsx';
import { useClock } from '../../ui/use-clock.ts';
import type { Settings } from './start-options.ts';

type Known = keyof typeof MESSAGES.en.edgeCause;

function known(cause: string): Known {
  return cause in MESSAGES.en.edgeCause ? (cause as Known) : 'other';
}

/** Why this computer does not anonymize, and who does it instead. */
export function EdgeNotice(props: { readonly plan: PlanState; readonly settings: Settings }) {
  const t = useTranslations();
  const nowMs = useClock(1000);
  const { edge, ordered } = props.plan;
  if (ordered || (edge.type !== 'resting' && edge.type !== 'barred')) return null;
  const waitMs = edge.type === 'resting' ? edge.untilMs - nowMs : Number.POSITIVE_INFINITY;
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  const alone = props.settings.where === 'edge';
  return (
    <Notice alarm={alone} icon={MonitorX} testId="edge-notice" title={t('publish.edgeUnusable')}>
      <p>{t(`edgeCause.${known(edge.cause)}`)}</p>
      <p>
        {alone
          ? t('publish.edgeNoWay')
          : Number.isFinite(waitMs)
            ? t('publish.edgeRetry', { seconds })
            : t('publish.edgeServerDoes')}
      </p>
    </Notice>
  );
}
