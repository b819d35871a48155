import { PROFILES } from '@drape/anonymizer/core';
import { EXIT } from '../exit-codes.ts';
import { table } from '../table.ts';

/** `drape profiles`: what each one requires and always covers. */
export function profiles(options: { readonly json: boolean }): number {
  if (options.json) {
    process.stdout.write(`${JSON.stringify(PROFILES)}\n`);
    return EXIT.ok;
  }
  const blocks = PROFILES.map((profile) => {
    const detectors = profile.detectors.map((detector) => [
      `  ${detector.id}`,
      detector.required ? 'required' : 'optional',
      `looks every ${detector.lookEveryMs} ms, every ${detector.busyEveryMs} ms where it finds something`,
    ]);
    const always = profile.always.map(({ name }) => `  always covered: ${name}`);
    return [`${profile.name}  ${profile.title}`, table(detectors), ...always].join('\n');
  });
  process.stdout.write(`${blocks.join('\n\n')}\n`);
  return EXIT.ok;
}
