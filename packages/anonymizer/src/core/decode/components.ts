/** A group of touching cells that reach a threshold. Bounds are inclusive, in cells. */
export interface Component {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Number of cells. */
  readonly area: number;
  /** Sum of their values. */
  readonly sum: number;
  /** Sums over cells of columns, of rows, of their squares and products: see `extents`. */
  readonly sumX: number;
  readonly sumY: number;
  readonly sumXX: number;
  readonly sumYY: number;
  readonly sumXY: number;
}

/**
 * Length and thickness, in cells, of the rectangle with the same second moments, however it lies. Exact for level
 * rectangles of cells.
 */
export function extents(found: Component): { readonly long: number; readonly thick: number } {
  const { area, sumX, sumY } = found;
  const xx = found.sumXX / area - (sumX / area) ** 2;
  const yy = found.sumYY / area - (sumY / area) ** 2;
  const xy = found.sumXY / area - (sumX / area) * (sumY / area);
  const middle = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  // The variance of n cells in a row is (n² - 1) / 12.
  const cells = (variance: number): number => Math.sqrt(12 * Math.max(0, variance) + 1);
  return { long: cells(middle + apart), thick: cells(middle - apart) };
}

type Sums = { -readonly [K in keyof Component]: Component[K] };

interface Group extends Sums {
  /** Index of the group that this one was joined to; its own where it stands for itself. */
  parent: number;
}

/** Cells [from, to) of one row. */
interface Run {
  readonly from: number;
  readonly to: number;
  group: number;
}

/**
 * Connected components (8 neighbours) of the cells of `map` that reach `threshold`. Works on
 * runs of a row, so that its time hangs on what is found and not on the map's size.
 */
export function components(
  map: Float32Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  threshold: number,
): Component[] {
  const groups: Group[] = [];
  let above: Run[] = [];
  for (let row = 0; row < rows; row++) {
    const cells = map.subarray(row * columns, (row + 1) * columns);
    const runs = rowRuns(cells, threshold);
    connect(groups, runs, above);
    for (const run of runs) {
      if (run.group === -1) {
        run.group = groups.length;
        groups.push({ ...runSums(cells, run, row), parent: run.group });
      } else {
        const group = groups[root(groups, run.group)];
        if (group) addSums(group, runSums(cells, run, row));
      }
    }
    above = runs;
  }
  return groups.filter((group, index) => group.parent === index);
}

function rowRuns(cells: Float32Array, threshold: number): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < cells.length; x++) {
    if (!((cells[x] as number) >= threshold)) continue;
    const from = x;
    while (x < cells.length && (cells[x] as number) >= threshold) x++;
    runs.push({ from, to: x, group: -1 });
  }
  return runs;
}

/** Gives runs the groups of the runs above that they touch, and joins those groups. */
function connect(groups: Group[], runs: readonly Run[], above: readonly Run[]): void {
  let first = 0;
  for (const run of runs) {
    while (first < above.length && (above[first]?.to ?? 0) < run.from) first++;
    for (let at = first; at < above.length; at++) {
      const other = above[at];
      if (!other || other.from > run.to) break;
      run.group = run.group === -1 ? other.group : join(groups, run.group, other.group);
    }
  }
}

function root(groups: readonly Group[], index: number): number {
  let at = index;
  for (;;) {
    const parent = groups[at]?.parent ?? at;
    if (parent === at) return at;
    at = parent;
  }
}

function join(groups: Group[], one: number, other: number): number {
  const a = root(groups, one);
  const b = root(groups, other);
  const [into, from] = [groups[a], groups[b]];
  if (a === b || !into || !from) return a;
  addSums(into, from);
  from.parent = a;
  return a;
}

function runSums(cells: Float32Array, { from, to }: Run, row: number): Sums {
  let sum = 0;
  for (let x = from; x < to; x++) sum += cells[x] as number;
  const area = to - from;
  const sumX = (area * (from + to - 1)) / 2;
  return {
    left: from,
    top: row,
    right: to - 1,
    bottom: row,
    area,
    sum,
    sumX,
    sumY: area * row,
    sumXX: squaresBelow(to) - squaresBelow(from),
    sumYY: area * row * row,
    sumXY: sumX * row,
  };
}

/** 0² + 1² + … + (n - 1)². */
function squaresBelow(n: number): number {
  return ((n - 1) * n * (2 * n - 1)) / 6;
}

function addSums(into: Sums, from: Sums): void {
  into.left = Math.min(into.left, from.left);
  into.top = Math.min(into.top, from.top);
  into.right = Math.max(into.right, from.right);
  into.bottom = Math.max(into.bottom, from.bottom);
  into.area += from.area;
  into.sum += from.sum;
  into.sumX += from.sumX;
  into.sumY += from.sumY;
  into.sumXX += from.sumXX;
  into.sumYY += from.sumYY;
  into.sumXY += from.sumXY;
}
