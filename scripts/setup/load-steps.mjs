import { readdirSync } from 'node:fs';

/**
 * All steps that an entry needs, in the order of their file names.
 * @param {string} entry "status" means every step
 * @returns {Promise<import('./steps.mjs').Step[]>}
 */
export async function loadSteps(entry) {
  const folder = new URL('./steps/', import.meta.url);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
  return modules
    .map((module) => module.default)
    .filter((step) => entry === 'status' || step.entries.includes(entry));
}
