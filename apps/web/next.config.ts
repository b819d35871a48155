import path from 'node:path';
import type { NextConfig } from 'next';

const root = path.resolve(import.meta.dirname, '../..');

const config: NextConfig = {
  // Workspace packages export their TypeScript sources.
  transpilePackages: ['@drape/contract', '@drape/anonymizer'],
  turbopack: { root },
  // Types are checked by `tsc -b` in lint; a machine that only runs the product need not do it again.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  devIndicators: false,
};

export default config;
