'use client';

import { useMemo } from 'react';
import { Api } from '../api/client.ts';

export function useApi(token: string): Api {
  return useMemo(() => new Api(token), [token]);
}
