import type { Metadata } from 'next';
import { WatchPage } from '../../../views/watch/watch-page.tsx';

export const metadata: Metadata = { title: 'Watch' };

export default async function Page({ params }: { readonly params: Promise<{ room: string }> }) {
  return <WatchPage room={(await params).room} />;
}
