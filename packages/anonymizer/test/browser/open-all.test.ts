import { describe, expect, it } from 'vitest';
import { openAll } from '../../src/browser/frames/open-all.ts';

describe('openAll', () => {
  /** What happened, in order; `bad` cannot be opened. */
  function rig(bad?: string) {
    const said: string[] = [];
    const openOne = async (id: string) => {
      said.push(`open ${id}`);
      await Promise.resolve();
      if (id === bad) throw new Error(`no ${id}`);
      said.push(`opened ${id}`);
      const close = (): Promise<void> => {
        said.push(`close ${id}`);
        return Promise.resolve();
      };
      return { id, close };
    };
    return { said, openOne };
  }

  it('opens one after the other where one at once is allowed', async () => {
    const { said, openOne } = rig();
    const opened = await openAll(['a', 'b'], openOne, 1);
    expect(opened.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(said).toEqual(['open a', 'opened a', 'open b', 'opened b']);
  });

  it('opens as many side by side as are allowed', async () => {
    const { said, openOne } = rig();
    await openAll(['a', 'b', 'c'], openOne, 2);
    expect(said.indexOf('open b')).toBeLessThan(said.indexOf('opened a'));
    expect(said.indexOf('open c')).toBeGreaterThan(said.indexOf('opened b'));
  });

  it.each([1, 3])(
    'closes what was open where one fails, %i at once, and says which',
    async (atOnce) => {
      const { said, openOne } = rig('b');
      await expect(openAll(['a', 'b', 'c'], openOne, atOnce)).rejects.toThrow('no b');
      const opened = said.filter((line) => line.startsWith('opened ')).map((line) => line.slice(7));
      const closed = said.filter((line) => line.startsWith('close ')).map((line) => line.slice(6));
      expect(opened).toContain('a');
      expect(closed).toEqual(opened);
    },
  );
});
