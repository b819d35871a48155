/**
 * One line per step. On a terminal a running step's line is rewritten every second; elsewhere a
 * long step says every 15 s that it still works.
 * @typedef {ReturnType<typeof createReport>} Report
 */

const quietMs = 15_000;

/** @param {number} ms @returns {string} for a reader, such as "12 ms", "3.4 s" or "57 s" */
export function seconds(ms) {
  if (ms < 95) return `${Math.round(ms)} ms`;
  return ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;
}

/** @param {NodeJS.WriteStream} stream */
export function createReport(stream) {
  const live = stream.isTTY;
  const clear = () => live && stream.write('\r\x1b[K');
  return {
    /** @param {string} name of a step that begins its work */
    begin(name) {
      const startedAt = performance.now();
      let doing = '';
      let saidAt = startedAt;
      const draw = () => {
        const line = `  … ${name.padEnd(16)} ${doing}`;
        const spent = seconds(performance.now() - startedAt);
        if (live) stream.write(`\r\x1b[K${line.slice(0, stream.columns - 12)}  ${spent}`);
        else if (performance.now() - saidAt >= quietMs) {
          saidAt = performance.now();
          stream.write(`${line}  ${spent}\n`);
        }
      };
      const timer = setInterval(draw, 1000);
      timer.unref();
      if (live) draw();
      const end = () => {
        clearInterval(timer);
        clear();
        return performance.now() - startedAt;
      };
      return {
        /** @param {string} text what is being done now */
        progress(text) {
          doing = text;
        },
        /** @param {string} result */
        done: (result) => print('✓', name, result, end()),
        failed: () => print('✗', name, 'failed', end()),
        /** @param {string} reason an optional step that could not be had */
        missing: (reason) => print('–', name, reason, end()),
      };
    },
    /**
     * @param {string} mark
     * @param {string} name
     * @param {string} result
     * @param {number} ms
     */
    line: print,
    /** @param {string} text */
    say: (text) => stream.write(`${text}\n`),
    /** @param {string} message */
    fail: (message) => stream.write(`\n${message}\n`),
  };

  /**
   * @param {string} mark
   * @param {string} name
   * @param {string} result
   * @param {number} ms
   */
  function print(mark, name, result, ms) {
    stream.write(`  ${mark} ${name.padEnd(16)} ${result.padEnd(48)} ${seconds(ms).padStart(7)}\n`);
  }
}
