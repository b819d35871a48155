import clsx from 'clsx';
import { CircleAlert, Info, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** What happened, and what to do about it. Alarms are read aloud at once. */
export function Notice(props: {
  readonly title: string;
  readonly alarm?: boolean;
  readonly icon?: LucideIcon;
  readonly testId?: string;
  readonly children?: ReactNode;
}) {
  const alarm = props.alarm === true;
  const Icon = props.icon ?? (alarm ? CircleAlert : Info);
  return (
    <div
      role={alarm ? 'alert' : 'status'}
      data-testid={props.testId}
      className={clsx(
        'coming flex gap-3.5 rounded-2xl border p-4',
        alarm ? 'border-alarm/50 bg-alarm-deep/60' : 'border-line bg-panel',
      )}
    >
      <Icon
        aria-hidden
        className={clsx('mt-0.5 size-6 shrink-0', alarm ? 'text-alarm' : 'text-soft')}
      />
      <div className="min-w-0">
        <p className="font-semibold">{props.title}</p>
        {props.children === undefined ? null : (
          <div className="text-[0.9375rem] text-soft">{props.children}</div>
        )}
      </div>
    </div>
  );
}
