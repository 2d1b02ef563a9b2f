import { useId, type ReactElement, type ReactNode } from 'react';
import type { JsonObject } from '../api/types';

interface ParametersFieldProps {
  value: string;
  onChange: (text: string) => void;
  failure: string | undefined;
  hint?: ReactNode;
}

/** Parameters as YAML. */
export function ParametersField({ value, onChange, failure, hint }: ParametersFieldProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>Parameters</label>
      <textarea
        id={id}
        className="textarea"
        rows={Math.min(12, Math.max(4, value.split('\n').length + 1))}
        spellCheck={false}
        placeholder={'date: 2024-05-01\nlimit: 100'}
        value={value}
        aria-invalid={failure !== undefined}
        aria-describedby={`${id}-hint`}
        onChange={(e) => onChange(e.target.value)}
      />
      <div id={`${id}-hint`}>
        {failure !== undefined && <p className="field-error">{failure}</p>}
        <p className="hint">YAML, one name a line. {hint}</p>
      </div>
    </div>
  );
}

/** Reads the text of the field; the reader comes when it is needed. */
export async function parametersOf(text: string): Promise<JsonObject> {
  if (text.trim() === '') return {};
  const { readParameters } = await import('../domain/yaml');
  return readParameters(text);
}

/** Parameters as options of the command line; nested values need a file there. */
export function parameterWords(text: string): string[] {
  const words: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const flat = /^([A-Za-z_][\w.-]*):\s*([^\s{[|>&*!].*)?$/.exec(line);
    if (!flat || /^\s/.test(line)) return ['-P', 'params.yml'];
    words.push('-p', `${flat[1]!}=${(flat[2] ?? '').replace(/^(['"])(.*)\1$/, '$2')}`);
  }
  return words;
}
