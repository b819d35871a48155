import { writeFileSync } from 'node:fs';

/**
 * Keeps what this process and all that it starts from now on have in memory out of crash dumps: raw
 * pictures, and tokens. The kernel still writes a file where a dump is asked for, with none of
 * their pages in it; unlike a limit of its size, that also holds where dumps go to a program.
 * On Linux only (core(5), coredump_filter); elsewhere crash dumps are for the site to switch off.
 */
export function keepMemoryOutOfDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // A sandbox without /proc; streams have the limit of the size as well.
  }
}
