import type { ReactElement } from 'react';
import { usePools } from '../api/queries';
import { DataTable, type Column } from '../components/DataTable';
import { Section } from '../components/Page';
import { Loaded } from '../components/states';
import { ruleInWords } from '../domain/pools';

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
      {ruleInWords(r)} <span className="muted">(priority {r.priority})</span>
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
