/** One line that says where the evaluation is, on stderr so that tables can be piped. */
export class Progress {
  readonly #live = process.stderr.isTTY;
  #started = performance.now();
  #unit = '';

  startSet(name: string): void {
    this.#started = performance.now();
    if (!this.#live) process.stderr.write(`${name} …\n`);
  }

  unit(set: string, at: number, all: number): void {
    this.#unit = `${set} ${at}/${all}`;
    this.#show('');
  }

  /** How far the pipeline is in a clip. */
  frames(done: number, all: number | undefined, framesPerSecond: number): void {
    this.#show(
      `: frame ${done}${all === undefined ? '' : `/${all}`}, ${framesPerSecond.toFixed(1)}/s`,
    );
  }

  #show(detail: string): void {
    if (this.#live) process.stderr.write(`\r\x1b[K${this.#unit}${detail}`);
  }

  endSet(name: string, units: number): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const clear = this.#live ? '\r\x1b[K' : '';
    process.stderr.write(`${clear}${name}: ${units} judged in ${seconds} s\n`);
  }
}
