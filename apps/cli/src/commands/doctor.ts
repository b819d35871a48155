import pc from 'picocolors';
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit-codes.ts';

const MARKS = { ok: pc.green('ok    '), notice: pc.yellow('note  '), failed: pc.red('failed') };

/** `drape doctor`. Exit code 3 where something that is required does not work. */
export async function doctor(options: { readonly json: boolean }): Promise<number> {
  const findings: Finding[] = [];
  for await (const finding of examine()) {
    if (!options.json) show(finding, findings.at(-1)?.area);
    findings.push(finding);
  }
  const isReady = findings.every((finding) => finding.state !== 'failed');
  if (options.json) process.stdout.write(`${JSON.stringify({ isReady, findings })}\n`);
  else process.stdout.write(isReady ? '\nready\n' : `\n${pc.red('not ready')}: see above\n`);
  return isReady ? EXIT.ok : EXIT.notSetUp;
}

function show(finding: Finding, areaBefore: string | undefined): void {
  const { area, name, state, detail, remedy } = finding;
  if (area !== areaBefore) process.stdout.write(`\n${pc.bold(area)}\n`);
  process.stdout.write(`  ${MARKS[state]} ${name}: ${detail}\n`);
  if (remedy !== undefined) process.stdout.write(`         → ${remedy}\n`);
}
