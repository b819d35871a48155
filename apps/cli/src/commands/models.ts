import { modelsState } from '@drape/models';
import pc from 'picocolors';
import { EXIT } from '../exit-codes.ts';
import { table } from '../table.ts';

/** `drape models`: what is installed, where it comes from, under which licence. */
export function models(options: { readonly json: boolean; readonly verify: boolean }): number {
  const states = modelsState({ verify: options.verify });
  const isComplete = states.every((model) => !model.isDefault || model.state === 'present');
  if (options.json) {
    process.stdout.write(`${JSON.stringify(states)}\n`);
    return isComplete ? EXIT.ok : EXIT.notSetUp;
  }
  const rows = states.map((model) => [
    model.id,
    model.variant + (model.isDefault ? ' *' : ''),
    model.state,
    model.licence,
    model.source,
    model.sha256.slice(0, 12),
    model.use,
  ]);
  const head = ['model', 'variant', 'state', 'licence', 'source', 'sha256', 'used for'];
  process.stdout.write(
    `${table([head, ...rows])}\n\n* used unless another variant is asked for. Model cards: ${cards(states)}\n`,
  );
  if (isComplete) return EXIT.ok;
  process.stderr.write(`${pc.red('not complete')}: run \`npm run setup\`\n`);
  return EXIT.notSetUp;
}

function cards(states: readonly { readonly card: string }[]): string {
  return [...new Set(states.map((model) => model.card))].join(', ');
}
