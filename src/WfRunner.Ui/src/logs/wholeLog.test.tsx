import { expect, it } from 'vitest';
import type { LogFile } from '../api/types';
import { entryNames } from './wholeLog';

const file = (taskName: string): LogFile => ({ fileName: 'x', fileSize: 1, taskName, fileTime: '2026-01-01T00:00:00Z', agentId: 'a', direct: null });

it('files of an archive are named after their tasks, unique, and stay in their folder', () => {
  expect(entryNames([file('+wf+a'), file('+wf+b'), file('+wf+a'), file('../../etc/passwd'), file('+wf+für jeden'), file('')])).toEqual([
    '+wf+a.log',
    '+wf+b.log',
    '+wf+a.2.log',
    '__.._etc_passwd.log',
    '+wf+f_r_jeden.log',
    '_.log',
  ]);
});
