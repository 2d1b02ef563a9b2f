import type { ReactElement } from 'react';
import { path, postJson } from '../api/client';
import { Cli } from '../components/Cli';
import { Dialog } from '../components/Dialog';
import { Problem } from '../components/states';
import { toast } from '../components/toasts';
import { command } from '../domain/cli';
import { useAction } from './useAction';

interface KillDialogProps {
  attemptId: string;
  sessionId: string;
  name: string;
  onClose: () => void;
}

export function KillDialog({ attemptId, sessionId, name, onClose }: KillDialogProps): ReactElement {
  const action = useAction<unknown>(['attempt', attemptId], ['session', sessionId], ['tasks', attemptId], ['sessions'], ['overview']);
  const kill = async (): Promise<void> => {
    const done = await action.run(async () => {
      await postJson(path`attempts/${attemptId}/kill`);
      return true;
    });
    if (done === undefined) return;
    toast({ text: `Asked attempt ${attemptId} to stop.`, tone: 'canceling' });
    onClose();
  };
  return (
    <Dialog
      title={`Kill attempt ${attemptId} of ${name}?`}
      onClose={onClose}
      onSubmit={() => void kill()}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Let it run
          </button>
          <button type="submit" className="button danger" disabled={action.busy}>
            {action.busy ? 'Asking…' : 'Kill'}
          </button>
        </>
      }
    >
      {action.failure !== undefined && <Problem failure={action.failure} title="Not killed." />}
      <p>No further task starts. Tasks that run now are asked to stop; a command that cannot be stopped runs to its end, and the attempt shows “Canceling” until then.</p>
      <Cli command={command('wf', 'kill', attemptId)} />
    </Dialog>
  );
}
