import type { ReactElement } from 'react';
import { SessionView } from './SessionView';

export default function SessionPage({ sessionId }: { sessionId: string }): ReactElement {
  return <SessionView sessionId={sessionId} />;
}
