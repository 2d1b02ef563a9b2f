import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import type { Diagnostic } from '../../api/types';
import { findingTones } from './Findings';

/** Where the caret is wanted; each object moves it once. Lines and columns begin with 1. */
export interface Caret {
  path: string;
  line: number;
  column: number;
}

interface TextEditorProps {
  path: string;
  text: string;
  /** What was found in this file. */
  findings: readonly Diagnostic[] | undefined;
  caret: Caret | undefined;
  onChange: (text: string) => void;
}

const none: readonly Diagnostic[] = [];
const rank = { error: 0, warning: 1, note: 2 } as const;

/** A plain editor with line numbers and marks at the lines of findings; Tab indents, Esc then Tab leaves. */
export function TextEditor({ path: file, text, findings = none, caret, onChange }: TextEditorProps): ReactElement {
  const gutter = useRef<HTMLDivElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const leaving = useRef(false);
  const [top, setTop] = useState(0);
  const count = text.split('\n').length;
  const marks = marksOf(findings, count);

  useEffect(() => {
    const element = area.current;
    if (!caret || !element) return;
    const lines = element.value.split('\n').slice(0, caret.line - 1);
    const at = Math.min(element.value.length, lines.reduce((sum, l) => sum + l.length + 1, 0) + caret.column - 1);
    element.focus();
    element.setSelectionRange(at, at);
    // The browser shows the caret only once somebody types.
    const lineHeight = parseFloat(getComputedStyle(element).lineHeight);
    element.scrollTop = Math.max(0, (caret.line - 1) * lineHeight - element.clientHeight / 3);
  }, [caret]);

  return (
    <div className="text-editor">
      <div className="code-gutter" ref={gutter} aria-hidden="true">
        {numbers(count, marks)}
      </div>
      <div className="text-editor-lines">
        <div className="text-editor-marks" aria-hidden="true" style={{ transform: `translateY(${-top}px)` }}>
          {[...marks].map(([line, finding]) => (
            <i key={line} data-tone={findingTones[finding.severity]} style={{ top: `calc(0.5rem + ${line - 1} * 1lh)` }} />
          ))}
        </div>
        <textarea
          ref={area}
          className="textarea"
          aria-label={`Text of ${file}`}
          aria-invalid={findings.some((f) => f.severity === 'error')}
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          wrap="off"
          value={text}
          onScroll={(e) => {
            if (gutter.current) gutter.current.scrollTop = e.currentTarget.scrollTop;
            setTop(e.currentTarget.scrollTop);
          }}
          onKeyDown={(e) => {
            if (e.key === 'Escape') leaving.current = true;
            else if (e.key === 'Tab' && !e.shiftKey && !leaving.current) {
              e.preventDefault();
              // The only way to insert a text that keeps what was done before undoable.
              // oxlint-disable-next-line typescript/no-deprecated
              document.execCommand('insertText', false, '  ');
            } else if (e.key !== 'Tab') leaving.current = false;
          }}
          onChange={(e) => onChange(e.target.value)}
        />
      </div>
    </div>
  );
}

/** The gravest finding of each line. A text that was changed since may have fewer lines. */
function marksOf(findings: readonly Diagnostic[], lines: number): Map<number, Diagnostic> {
  const marks = new Map<number, Diagnostic>();
  for (const finding of findings) {
    const line = Math.min(finding.line ?? 1, lines);
    const other = marks.get(line);
    if (!other || rank[finding.severity] < rank[other.severity]) marks.set(line, finding);
  }
  return marks;
}

/** Line numbers as few pieces of text: one for the lines between two marks. */
function numbers(count: number, marks: ReadonlyMap<number, Diagnostic>): ReactNode[] {
  const parts: ReactNode[] = [];
  let next = 1;
  const plain = (to: number): void => {
    if (to >= next) parts.push(Array.from({ length: to - next + 1 }, (_, i) => `${next + i}\n`).join(''));
    next = to + 1;
  };
  for (const line of [...marks.keys()].sort((a, b) => a - b)) {
    plain(line - 1);
    const finding = marks.get(line)!;
    parts.push(
      <b key={line} data-tone={findingTones[finding.severity]} data-tip={`${finding.message}\n${finding.advice}`}>
        {line}
        {'\n'}
      </b>,
    );
    next = line + 1;
  }
  plain(count);
  return parts;
}
