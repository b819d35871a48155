'use client';

import { Failed } from '../views/failed.tsx';

export default function Page() {
  return <Failed />;
}
