import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { path, postJson } from '../api/client';
import type { Schedule } from '../api/types';
import { describeError } from '../components/states';
import { toast } from '../components/toasts';

/** Pauses and resumes schedules, with a way back. */
export function useScheduleSwitch(): { busy: ReadonlySet<string>; set: (schedule: Schedule, on: boolean) => Promise<void> } {
  const client = useQueryClient();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const set = async (schedule: Schedule, on: boolean): Promise<void> => {
    setBusy((all) => new Set(all).add(schedule.id));
    try {
      await postJson(path`schedules/${schedule.id}/${on ? 'enable' : 'disable'}`);
      toast({ text: `${schedule.workflow.name} ${on ? 'resumed' : 'paused'}.`, tone: 'success', undo: () => void set(schedule, !on) });
    } catch (failure) {
      toast({ text: `${schedule.workflow.name} was not ${on ? 'resumed' : 'paused'}: ${describeError(failure)}`, tone: 'failure' });
    } finally {
      await client.invalidateQueries({ queryKey: ['schedules'] });
      setBusy((all) => new Set([...all].filter((id) => id !== schedule.id)));
    }
  };
  return { busy, set };
}
