/** One line that says where the evaluation is, on stderr so that tables can be piped. */
export class Progress {
  readonly #live = process.stderr.isTTY;
  #started = performance.now();

  startSet(name: string): void {
    this.#started = performance.now();
    if (!this.#live) process.stderr.write(`${name} …\n`);
  }

  unit(set: string, at: number, all: number): void {
    if (this.#live) process.stderr.write(`\r\x1b[K${set} ${at}/${all}`);
  }

  endSet(name: string, units: number): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const clear = this.#live ? '\r\x1b[K' : '';
    process.stderr.write(`${clear}${name}: ${units} judged in ${seconds} s\n`);
  }
}
