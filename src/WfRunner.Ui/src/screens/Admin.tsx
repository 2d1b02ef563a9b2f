import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { getJson } from '../api/client';
import { useFeature } from '../api/features';
import { pollInterval } from '../api/live';
import type { Json, JsonObject, ServerStatus } from '../api/types';
import { DataTable, type Column } from '../components/DataTable';
import { PageHead, Section } from '../components/Page';
import { Empty, Loaded } from '../components/states';
import { Time } from '../components/Time';
import { Leases, Queue } from './AdminLeases';
import { Pools } from './AdminPools';

/** What the server tells about itself: who serves, what waits, what is held, and the settings with secrets masked. */
export default function Admin(): ReactElement {
  const told = useFeature('admin-status');
  const toldLeases = useFeature('leases');
  const hasPools = useFeature('pools');
  const status = useQuery({
    queryKey: ['admin'],
    queryFn: ({ signal }) => getJson<ServerStatus>('admin/status', undefined, signal),
    enabled: told,
    refetchInterval: () => Math.min(pollInterval(true), 5_000),
  });
  const named = ['leases', 'queue'];
  return (
    <>
      <PageHead title="Administration" />
      {!told ? (
        <Empty title="This server does not tell about itself." />
      ) : (
        <Loaded query={status}>
          {(all) => (
            <>
              <Part name="server" value={Object.fromEntries(Object.entries(all as unknown as JsonObject).filter(([, value]) => typeof value !== 'object' || value === null))} />
              {Object.entries(all as unknown as JsonObject)
                .filter(([name, value]) => typeof value === 'object' && value !== null && !named.includes(name))
                .flatMap(([name, value]) => [
                  <Part key={name} name={name} value={value} />,
                  // What the nodes hold belongs below the nodes.
                  ...(name === 'nodes' && toldLeases ? [<Leases key="leases" leases={all.leases} />, <Queue key="queue" queue={all.queue} />] : []),
                  ...(name === 'limits' && hasPools ? [<Pools key="pools" />] : []),
                ])}
            </>
          )}
        </Loaded>
      )}
    </>
  );
}

function Part({ name, value }: { name: string; value: Json }): ReactElement | null {
  const title = titleOf(name);
  if (Array.isArray(value)) {
    const rows = value.filter((v): v is JsonObject => typeof v === 'object' && v !== null && !Array.isArray(v));
    return <Section title={title}>{rows.length === 0 ? <p className="muted">None</p> : <Rows title={title} rows={rows} />}</Section>;
  }
  if (typeof value === 'object' && value !== null) {
    return (
      <Section title={title}>
        <dl className="facts">
          {Object.entries(value).map(([key, one]) => (
            <div key={key} className="fact-row">
              <dt>{name === 'settings' || name === 'limits' ? <code>{key}</code> : titleOf(key)}</dt>
              <dd>
                <Value value={one} />
              </dd>
            </div>
          ))}
        </dl>
      </Section>
    );
  }
  return null;
}

function Rows({ title, rows }: { title: string; rows: readonly JsonObject[] }): ReactElement {
  const keys = [...new Set(rows.flatMap((r) => Object.keys(r)))];
  const columns = keys.map(
    (key, i): Column<JsonObject> => ({
      key,
      head: titleOf(key),
      cell: (row) => <Value value={row[key] ?? null} />,
      card: i === 0 ? 'main' : { label: titleOf(key).toLowerCase() },
    }),
  );
  return <DataTable caption={title} columns={columns} rows={rows} rowKey={(row) => JSON.stringify(row[keys[0]!] ?? row)} />;
}

function Value({ value }: { value: Json }): ReactElement {
  if (value === null) return <span className="muted">–</span>;
  if (typeof value === 'boolean') return <>{value ? 'yes' : 'no'}</>;
  if (typeof value === 'number') return <>{value.toLocaleString('en')}</>;
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(value) ? <Time value={value} show="both" /> : <>{value}</>;
  return <code>{JSON.stringify(value)}</code>;
}

/** `maximumAttempts` → `Maximum attempts` */
function titleOf(key: string): string {
  const words = key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll(/[_.-]+/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
