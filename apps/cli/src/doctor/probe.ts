// Answers one question of `drape doctor` and ends: node probe.ts part NAME | detector ID | python | self-test
import { failureOf } from '../failure.ts';
import type { ProbeAnswer } from './finding.ts';
import { probeDetector, probePythonDetectors } from './probe-detector.ts';
import { probePart } from './probe-part.ts';
import { probeSelfTest } from './probe-self-test.ts';

async function answer([kind, name = '']: readonly string[]): Promise<ProbeAnswer[]> {
  if (kind === 'part') return [await probePart(name)];
  if (kind === 'detector') return [await probeDetector(name)];
  if (kind === 'python') return probePythonDetectors();
  return [await probeSelfTest()];
}

let result: ProbeAnswer[];
try {
  result = await answer(process.argv.slice(2));
} catch (error) {
  result = [{ state: 'failed', detail: failureOf(error).message }];
}
// Exit at once when it is written: model runtimes keep threads that would hold the process.
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
