'use client';

import { ArrowLeftRight } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { PlanState } from '../../live/publish/plan-state.ts';
import { Button } from '../../ui/button.tsx';

/** Lets the other side anonymize, without a gap; not where the server has the last word. */
export function HandOver(props: { readonly plan: PlanState; readonly onHandOver: () => void }) {
  const t = useTranslations('publish');
  const { plan, onHandOver } = props;
  const path = plan.next ?? plan.current;
  if (!plan.wanted || !path) return null;
  return (
    <Button
      data-testid="hand-over"
      className="w-full"
      disabled={plan.serverOnly || plan.ordered !== undefined || plan.next !== undefined}
      onClick={onHandOver}
    >
      <ArrowLeftRight aria-hidden className="size-5" />
      {path.mode === 'edge' ? t('handOverToServer') : t('handOverToEdge')}
    </Button>
  );
}
