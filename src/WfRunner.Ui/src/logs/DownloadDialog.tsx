import { useEffect, useId, useRef, useState, type ReactElement } from 'react';
import type { LogFile } from '../api/types';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { formatBytes } from '../domain/bytes';
import { saveAs } from './saveAs';
import type { LogFormat } from './wholeLog';

type What = LogFormat | 'shown';

interface DownloadDialogProps {
  attemptId: string;
  files: readonly LogFile[];
  /** How many lines the page shows now. */
  shownLines: number;
  onSaveShown: () => void;
  onClose: () => void;
}

/** Saves what is shown, or the logs of the whole attempt. */
export function DownloadDialog({ attemptId, files, shownLines, onSaveShown, onClose }: DownloadDialogProps): ReactElement {
  const id = useId();
  const [what, setWhat] = useState<What>('zip');
  const [done, setDone] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const work = useRef<AbortController>(undefined);
  useEffect(() => () => work.current?.abort(), []);
  const size = files.reduce((sum, f) => sum + f.fileSize, 0);

  const save = async (): Promise<void> => {
    if (what === 'shown') {
      onSaveShown();
      onClose();
      return;
    }
    const mine = (work.current = new AbortController());
    setFailure(undefined);
    setDone(0);
    try {
      const { wholeLog } = await import('./wholeLog');
      saveAs(`attempt-${attemptId}-logs.${what === 'zip' ? 'zip' : 'txt'}`, await wholeLog(attemptId, files, what, mine.signal, setDone));
      onClose();
    } catch (problem) {
      if (!mine.signal.aborted) setFailure(problem);
      setDone(undefined);
    }
  };
  const option = (value: What, text: string, hint: string): ReactElement => (
    <label className="choice">
      <input type="radio" name={id} checked={what === value} disabled={done !== undefined} onChange={() => setWhat(value)} />
      <span>
        {text} <span className="hint">{hint}</span>
      </span>
    </label>
  );
  return (
    <Dialog
      title="Download logs"
      onClose={onClose}
      onSubmit={() => done === undefined && void save()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {done === undefined ? 'Cancel' : 'Stop'}
          </button>
          <button type="submit" className="button primary" data-autofocus="" aria-disabled={done !== undefined}>
            {done === undefined ? 'Download' : 'Reading…'}
          </button>
        </>
      }
    >
      {failure !== undefined && <Problem failure={failure} title="Not saved." />}
      <fieldset>
        <legend className="legend">What to save</legend>
        {option('zip', 'The whole attempt, a file for each task', '.zip')}
        {option('text', 'The whole attempt as one text, in order of time', '.txt')}
        {option('shown', `What is shown now, ${shownLines.toLocaleString('en')} ${shownLines === 1 ? 'line' : 'lines'}`, '.txt')}
      </fieldset>
      <p className="muted">
        {files.length.toLocaleString('en')} {files.length === 1 ? 'file' : 'files'}, {formatBytes(size)} packed on the server.
      </p>
      {done !== undefined && (
        <div className="bulk-progress">
          <progress aria-label="Progress" max={files.length} value={done} />
          <p role="status">
            {done.toLocaleString('en')} of {files.length.toLocaleString('en')}
          </p>
        </div>
      )}
    </Dialog>
  );
}
