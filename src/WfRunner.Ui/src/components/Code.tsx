import { useEffect, useMemo, useState, type CSSProperties, type ReactElement } from 'react';
import { CopyButton } from './Copy';

export type Language = 'yaml' | 'json' | 'sql' | 'bash' | 'python' | 'ruby' | 'text';

/** The language of a file by its name. */
export function languageOf(path: string): Language {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  const known: Record<string, Language> = {
    dig: 'yaml',
    yml: 'yaml',
    yaml: 'yaml',
    json: 'json',
    sql: 'sql',
    sh: 'bash',
    bash: 'bash',
    py: 'python',
    rb: 'ruby',
  };
  return known[extension] ?? 'text';
}

// What is larger stays plain: colouring it would make the page wait.
const longestHighlighted = 300_000;

/** Read-only code, coloured once the highlighter has come. */
export function Code({ text, language, height, numbered, label }: { text: string; language: Language; height?: string; numbered?: boolean; label: string }): ReactElement {
  const [coloured, setColoured] = useState<{ text: string; language: Language; html: string | undefined }>();
  const html = coloured?.text === text && coloured.language === language ? coloured.html : undefined;
  useEffect(() => {
    if (language === 'text' || text.length > longestHighlighted) return;
    let current = true;
    void import('./highlight').then(({ highlight }) => current && setColoured({ text, language, html: highlight(text, language) }));
    return () => {
      current = false;
    };
  }, [text, language]);
  const gutter = useMemo(() => (numbered ? Array.from({ length: text.split('\n').length }, (_, i) => i + 1).join('\n') : ''), [numbered, text]);
  return (
    <div className="copy-code">
      <div
        className={numbered ? 'code numbered' : 'code'}
        style={height === undefined ? undefined : ({ '--code-height': height } as CSSProperties)}
        tabIndex={0}
        role="region"
        aria-label={label}
      >
        <pre>
          {numbered && (
            <span className="code-gutter" aria-hidden="true">
              {gutter}
            </span>
          )}
          {html === undefined ? <code>{text}</code> : <code dangerouslySetInnerHTML={{ __html: html }} />}
        </pre>
      </div>
      <CopyButton text={text} label={`Copy ${label}`} />
    </div>
  );
}
