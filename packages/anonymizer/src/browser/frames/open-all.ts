interface Closable {
  close(): Promise<void>;
}

/**
 * Opens all or none, `atOnce` (≥ 1) of them side by side: a smaller set of detectors is never a
 * smaller mask.
 *
 * @throws What the first that could not be opened threw; what was open by then is closed.
 */
export async function openAll<Id, One extends Closable>(
  ids: readonly Id[],
  openOne: (id: Id) => Promise<One>,
  atOnce: number,
): Promise<One[]> {
  const opened: One[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const results = await Promise.allSettled(ids.slice(from, from + atOnce).map(openOne));
    for (const result of results) if (result.status === 'fulfilled') opened.push(result.value);
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) continue;
    await Promise.all(opened.map((one) => one.close()));
    throw failed.reason;
  }
  return opened;
}
