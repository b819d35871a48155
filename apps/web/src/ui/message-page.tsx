import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** A page that has one thing to say. */
export function MessagePage(props: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text?: string;
  /** The header names no page: the title is the page's own. */
  readonly alone?: boolean;
  readonly children?: ReactNode;
}) {
  const { icon: Icon, title, text, children } = props;
  const Title = props.alone === true ? 'h1' : 'h2';
  return (
    <main id="content" className="grid min-h-[calc(100dvh-4rem)] place-items-center p-6">
      <div className="coming flex max-w-xl flex-col items-center text-center">
        <Icon aria-hidden className="mb-6 size-14 text-accent" strokeWidth={1.5} />
        <Title className="text-3xl font-bold text-balance">{title}</Title>
        {text === undefined ? null : <p className="mt-3 text-lg text-balance text-soft">{text}</p>}
        {children === undefined ? null : <div className="mt-8 flex gap-3">{children}</div>}
      </div>
    </main>
  );
}
