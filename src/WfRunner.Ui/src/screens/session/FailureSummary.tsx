import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Link } from 'wouter';
import { getBytes, getDirect, path } from '../../api/client';
import { useLogFiles } from '../../api/queries';
import type { Attempt, LogFile } from '../../api/types';
import { StatusShape } from '../../components/Icon';
import { errorMessage, type TaskNode } from '../../domain/tasks';

const shownFailures = 3;
const lastLines = 20;

/** Why the attempt failed, without a click: the messages of the failed tasks and the end of the first one's log. */
export function FailureSummary({ attempt, failed, isShort, onOpenTask, logLink }: { attempt: Attempt; failed: readonly TaskNode[]; isShort: boolean; onOpenTask: (fullName: string) => void; logLink: (fullName: string) => string }): ReactElement | null {
  const first = failed[0];
  const files = useLogFiles(first ? attempt.id : undefined, false);
  const file = files.data?.filter((f) => f.taskName === first?.task.fullName).sort((a, b) => (a.fileTime < b.fileTime ? 1 : -1))[0];
  const lines = useLogEnd(attempt.id, isShort ? undefined : file);
  if (!first) return null;
  return (
    <section className="failure-summary" aria-label="What failed">
      {failed.slice(0, shownFailures).map((node) => (
        <div key={node.task.id} className="failure-row">
          <span className="status" data-tone="failure">
            <StatusShape tone="failure" />
          </span>
          <div>
            <button type="button" className="link-button mono" onClick={() => onOpenTask(node.task.fullName)}>
              {node.task.fullName}
            </button>
            <p className="failure-message">{errorMessage(node.task) ?? 'No message was left; the log may say more.'}</p>
          </div>
        </div>
      ))}
      {failed.length > shownFailures && <p className="muted">and {failed.length - shownFailures} more failed tasks</p>}
      {!isShort && lines !== undefined && lines.length > 0 && (
        <details open={lines.length <= 8 && window.innerWidth > 736}>
          <summary>
            {lines.length === 1 ? 'Last line' : `Last ${lines.length} lines`} of the log of <span className="mono">{first.task.fullName}</span>
          </summary>
          <pre className="log-end" tabIndex={0} role="region" aria-label="End of the log">
            {lines.join('\n')}
          </pre>
          <Link href={logLink(first.task.fullName)}>Open the log</Link>
        </details>
      )}
    </section>
  );
}

function useLogEnd(attemptId: string, file: LogFile | undefined): string[] | undefined {
  return useQuery({
    queryKey: ['logend', attemptId, file?.fileName ?? '', file?.fileSize ?? 0],
    queryFn: async ({ signal }) => {
      const bytes = file!.direct === null ? await getBytes(path`logs/${attemptId}/files/${file!.fileName}`, undefined, signal) : await getDirect(file!.direct, signal);
      const [{ unpackLog }, { stripAnsi }] = await Promise.all([import('../../logs/unpack'), import('../../logs/ansi')]);
      return stripAnsi(unpackLog(bytes)).trimEnd().split('\n').slice(-lastLines);
    },
    enabled: file !== undefined && file.fileSize < 20_000_000,
    staleTime: Infinity,
  }).data;
}
