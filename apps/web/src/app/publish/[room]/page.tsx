import type { Metadata } from 'next';
import { PublishPage } from '../../../views/publish/publish-page.tsx';

export const metadata: Metadata = { title: 'Publish' };

export default async function Page({ params }: { readonly params: Promise<{ room: string }> }) {
  return <PublishPage room={(await params).room} />;
}
