import type { ReactElement } from 'react';
import { useAttempt } from '../../api/queries';
import { PageHead } from '../../components/Page';
import { Loaded } from '../../components/states';
import { SessionView } from './SessionView';

/** The page of a session with one of its attempts chosen; the address of old links. */
export default function AttemptPage({ attemptId }: { attemptId: string }): ReactElement {
  const attempt = useAttempt(attemptId);
  return (
    <>
      {attempt.data === undefined && <PageHead title={`Attempt ${attemptId}`} />}
      <Loaded query={attempt}>{(a) => <SessionView sessionId={a.sessionId} attemptId={attemptId} />}</Loaded>
    </>
  );
}
