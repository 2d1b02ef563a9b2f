import type { ReactElement } from 'react';
import { useWorkflow } from '../api/queries';
import { Loaded } from '../components/states';
import { PageHead } from '../components/Page';
import { WorkflowView } from './Workflow';

/** A workflow as it is in one revision. */
export default function RevisionWorkflowPage({ id }: { id: string }): ReactElement {
  const workflow = useWorkflow(id);
  return (
    <>
      {workflow.data === undefined && <PageHead title={`Workflow ${id}`} />}
      <Loaded query={workflow}>{(w) => <WorkflowView workflow={w} isFixed />}</Loaded>
    </>
  );
}
