import type { CurvePoint } from './write.ts';

const WIDTH = 760;
const PANEL = { left: 70, width: 500, height: 210 } as const;
const TOPS = [56, 346] as const;
const HEIGHT = 620;
/** Told apart in light and dark, and by people who see red and green alike. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'] as const;
const DASHES = ['', '6 3', '2 3', '8 3 2 3'] as const;

const STYLE = `
  svg { --ink: #1b1f24; --soft: #6b7280; --rule: #d5d9de; --page: #ffffff; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6e9ed; --soft: #9aa3ad; --rule: #3a4149; --page: #14181c; }
  }
  .page { fill: var(--page); }
  text { font: 13px system-ui, sans-serif; fill: var(--ink); }
  .title { font-weight: 600; font-size: 15px; }
  .soft { fill: var(--soft); }
  .rule { stroke: var(--rule); }
  .line { fill: none; stroke-width: 2.5; }`;

interface Panel {
  readonly title: string;
  readonly topPx: number;
  readonly value: (point: CurvePoint) => number;
  readonly show: (value: number) => string;
}

/** The next of 1, 2, 5, 10, 20 … that holds the largest value. */
export function axisTop(largest: number): number {
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return power * ([1, 2, 5].find((step) => step * power >= largest) ?? 10);
}

function drawPanel(points: readonly CurvePoint[], panel: Panel): string {
  const holds = [...new Set(points.map((point) => point.hold))];
  const sets = [...new Set(points.map((point) => point.set))];
  const top = axisTop(Math.max(...points.map(panel.value)));
  const x = (at: number): number => PANEL.left + (PANEL.width * at) / Math.max(1, holds.length - 1);
  const y = (value: number): number => panel.topPx + PANEL.height * (1 - value / top);
  const parts = [
    `<text class="title" x="${PANEL.left}" y="${panel.topPx - 16}">${panel.title}</text>`,
  ];
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const at = y(share * top).toFixed(1);
    parts.push(
      `<line class="rule" x1="${PANEL.left}" x2="${PANEL.left + PANEL.width}" y1="${at}" y2="${at}"/>`,
      `<text class="soft" text-anchor="end" x="${PANEL.left - 8}" y="${Number(at) + 4}">${panel.show(share * top)}</text>`,
    );
  }
  for (const [at, hold] of holds.entries()) {
    const label = hold === 'whole' ? 'whole file' : `${hold} ms`;
    const under = panel.topPx + PANEL.height + 20;
    parts.push(`<text class="soft" text-anchor="middle" x="${x(at)}" y="${under}">${label}</text>`);
  }
  for (const [at, set] of sets.entries()) {
    const colour = COLOURS[at % COLOURS.length] ?? '';
    const dash = DASHES[at % DASHES.length] ?? '';
    const own = holds.flatMap((hold, column) =>
      points
        .filter((point) => point.set === set && point.hold === hold)
        .map((point) => ({ x: x(column), y: y(panel.value(point)), value: panel.value(point) })),
    );
    const path = own.map((one) => `${one.x.toFixed(1)},${one.y.toFixed(1)}`).join(' ');
    parts.push(
      `<polyline class="line" stroke="${colour}" stroke-dasharray="${dash}" points="${path}"/>`,
      ...own.map(
        (one) =>
          `<circle fill="${colour}" cx="${one.x.toFixed(1)}" cy="${one.y.toFixed(1)}" r="4">` +
          `<title>${set}: ${panel.show(one.value)}</title></circle>`,
      ),
      `<line class="line" stroke="${colour}" stroke-dasharray="${dash}" x1="600" x2="630" y1="${panel.topPx + 10 + at * 24}" y2="${panel.topPx + 10 + at * 24}"/>`,
      `<text x="638" y="${panel.topPx + 14 + at * 24}">${set}</text>`,
    );
  }
  return parts.join('\n');
}

/** Leak and its price against the hold, as a standalone SVG that follows the reader's theme. */
export function drawHoldCurve(points: readonly CurvePoint[]): string {
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  const panels: readonly Panel[] = [
    {
      title: 'Exposure: seconds per hour in which a clear face or text is seen',
      topPx: TOPS[0],
      value: (point) => point.exposureSecondsPerHour,
      show: short,
    },
    {
      title: 'Its price: frames covered whole, %',
      topPx: TOPS[1],
      value: (point) => point.wholeShare * 100,
      show: short,
    },
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="Leak and frames covered whole against the hold">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
    ...panels.map((panel) => drawPanel(points, panel)),
    `<text class="soft" text-anchor="middle" x="${PANEL.left + PANEL.width / 2}" y="${HEIGHT - 12}">how long a frame is held before it leaves (added delay)</text>`,
    '</svg>',
    '',
  ].join('\n');
}
