import { parse, stringify } from 'yaml';
import type { Json, JsonObject } from '../api/types';

/** Writes a value as YAML in the order it has. */
export function writeYaml(value: Json): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

/** Reads parameters; an empty text is no parameters. */
export function readParameters(text: string): JsonObject {
  if (text.trim() === '') return {};
  const value: unknown = parse(text, { schema: 'core', uniqueKeys: true });
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error('Parameters are names with values, one a line: "date: 2024-05-01".');
  return value as JsonObject;
}
