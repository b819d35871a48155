import type { Metadata } from 'next';
import { AdminPage } from '../../views/admin/admin-page.tsx';

export const metadata: Metadata = { title: 'Rooms' };

export default function Page() {
  return <AdminPage />;
}
