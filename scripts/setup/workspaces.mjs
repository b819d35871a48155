import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param {string} root
 * @returns {string[]} paths of the package.json files of the root and of every workspace
 */
export function packageFiles(root) {
  const own = join(root, 'package.json');
  /** @type {{ workspaces: string[] }} */
  const { workspaces } = JSON.parse(readFileSync(own, 'utf8'));
  const folders = workspaces.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return [join(root, pattern)];
    const parent = join(root, pattern.slice(0, -2));
    return existsSync(parent) ? readdirSync(parent).map((name) => join(parent, name)) : [];
  });
  const files = folders.map((folder) => join(folder, 'package.json')).filter(existsSync);
  return [own, ...files.sort()];
}
