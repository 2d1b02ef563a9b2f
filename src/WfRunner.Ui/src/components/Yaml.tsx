import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { JsonObject } from '../api/types';
import { Code } from './Code';

/** A value as YAML, as people write it. */
export function Yaml({ value, label, height, empty = 'None' }: { value: JsonObject; label: string; height?: string; empty?: string }): ReactElement {
  const text = useYamlText(value);
  if (Object.keys(value).length === 0) return <p className="muted">{empty}</p>;
  return <Code text={text} language="yaml" label={label} {...(height === undefined ? {} : { height })} />;
}

/** The writer comes when it is first needed; until then JSON says the same. */
export function useYamlText(value: JsonObject): string {
  const { data } = useQuery({ queryKey: ['module', 'yaml'], queryFn: () => import('../domain/yaml'), staleTime: Infinity, gcTime: Infinity });
  return data ? data.writeYaml(value) : JSON.stringify(value, null, 2);
}
