import type { ReactElement } from 'react';
import type { Task } from '../api/types';
export default function GraphView(_: { tasks: readonly Task[]; notRun?: boolean; selected?: string | undefined; onSelect?: (fullName: string) => void }): ReactElement {
  return <p>graph</p>;
}
