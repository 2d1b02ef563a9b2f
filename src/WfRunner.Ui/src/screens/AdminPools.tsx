import type { ReactElement } from 'react';
import { usePools } from '../api/queries';
import type { PoolRule } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { Section } from '../components/Page';
import { Loaded } from '../components/states';

type Row = NonNullable<ReturnType<typeof usePools>['data']>[number];

const columns: Column<Row>[] = [
  { key: 'name', head: 'Pool', cell: (p) => <>{p.name}</>, card: 'main' },
  { key: 'limit', head: 'Attempts at once', cell: (p) => <>{p.concurrencyLimit.toLocaleString('en')}</>, card: { label: 'attempts at once' } },
  { key: 'rules', head: 'For', cell: (p) => <Rules pool={p} />, card: { label: 'for' } },
];

/** How the attempts that may run at once are divided, and by which rules. */
export function Pools(): ReactElement {
  const pools = usePools();
  return (
    <Section title="Pools">
      <Loaded query={pools}>{(all) => <DataTable caption="Pools" columns={columns} rows={all} rowKey={(p) => p.id} />}</Loaded>
    </Section>
  );
}

function Rules({ pool }: { pool: Row }): ReactElement {
  const rules = pool.rules.map((r) => (
    <li key={r.id}>
      {describe(r)} <span className="muted">(priority {r.priority})</span>
    </li>
  ));
  return (
    <ul>
      {rules}
      {pool.default && <li>everything else</li>}
      {!pool.default && rules.length === 0 && <li className="muted">nothing: no rule names it</li>}
    </ul>
  );
}

/** A rule in words: all of its conditions, each with the values of which one suffices. */
export function describe(rule: Pick<PoolRule, 'conditions'>): string {
  return rule.conditions.map((c) => {
    const values = c.values.map((v) => (c.operator === 'starts_with' ? `${v}*` : v.replaceAll('_', ' '))).join(' or ');
    switch (c.type) {
      case 'project_name':
        return `projects ${values}`;
      case 'workflow_name':
        return `workflows ${values}`;
      case 'invocation_type':
        return `started: ${values}`;
      default:
        return `${c.type.replaceAll('_', ' ')} ${values}`;
    }
  }).join(', and ');
}
