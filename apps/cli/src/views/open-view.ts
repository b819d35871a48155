import { HumanView } from './human.ts';
import { JsonView } from './json.ts';
import { BarDisplay, LineDisplay } from './progress.ts';
import type { RunView } from './view.ts';

/** Bars on a terminal, lines elsewhere, JSON lines where asked for. */
export function openView(options: { readonly json: boolean }): RunView {
  if (options.json) return new JsonView();
  return new HumanView(process.stderr.isTTY ? new BarDisplay(process.stderr) : new LineDisplay());
}
