/** Wait before try number `tries` (0 is the first): doubles from `firstMs` up to `mostMs`. */
export function backoffMs(
  tries: number,
  limits: { readonly firstMs: number; readonly mostMs: number },
): number {
  return Math.min(limits.mostMs, limits.firstMs * 2 ** Math.min(tries, 20));
}
