import * as z from 'zod';
import { notes, settingsSchema } from './settings.ts';

const head = `# Configuration

The media server reads environment variables, once, when it starts; a wrong one ends the start with its name
and what it may hold. Nothing has to be set. This page is made from \`apps/sfu/src/config/settings.ts\`.
`;

/** @returns docs/configuration.md */
export function document(): string {
  const sections = Object.entries(settingsSchema.shape).map(([name, schema]) => {
    const note = notes.get(schema);
    if (note === undefined) throw new RangeError(`${name} has no note`);
    const fallback = note.fallback ?? '`' + written(schema) + '`';
    return `## ${name}\n\nDefault: ${fallback}\n\n${note.says}\n`;
  });
  return [head, ...sections].join('\n');
}

function written(schema: z.ZodType): string {
  return schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : '';
}
