import type { Server } from './server.ts';

/** Projects as a company has them, with runs that went well, failed, were killed or go on. */
export async function build(server: Server): Promise<void> {
  await server.push('billing', billing, '2026-11-03-a41f');
  await server.push('billing', { ...billing, 'queries/orders.sql': billing['queries/orders.sql']!.replace('orders o', 'sales.orders o').replace('status', 'o.status') }, '2026-11-21-9c0d');
  await server.push('web-analytics', analytics, '7d1e5b0');
  await server.push('customer-360', customer, '2026.47.1');
  await server.push('recommendations-for-the-european-market-including-seasonal-offers-and-everything', { 'train_and_publish_the_model_for_all_countries_of_the_european_union.dig': long }, 'main');
  await server.push('ops', ops, 'v18');

  const { projects } = await server.api<{ projects: { id: string; name: string }[] }>('GET', 'projects');
  const billingId = projects.find((p) => p.name === 'billing')!.id;
  for (const key of ['mail.password', 'pg.password', 'td.apikey']) await server.api('PUT', `projects/${billingId}/secrets/${key}`, { value: 'hidden' });

  const start = async (project: string, name: string, times: string[], params: (i: number) => unknown): Promise<string[]> => {
    const id = await server.workflowId(project, name);
    const made: string[] = [];
    for (let i = 0; i < times.length; i++) {
      const attempt = await server.run(id, times[i]!, params(i));
      made.push(attempt.id);
      if (i % 4 === 3) await server.finished(attempt.id);
    }
    return made;
  };
  const days = (count: number, zone: string): string[] => Array.from({ length: count }, (_, i) => `2026-11-${String(27 - count + i).padStart(2, '0')}T00:00:00${zone}`);
  const hours = (count: number): string[] => Array.from({ length: count }, (_, i) => `2026-11-26T${String(i).padStart(2, '0')}:00:00+00:00`);

  const all = [
    ...(await start('billing', 'daily_invoices', days(16, '+09:00'), (i) => ({ pace: String(i === 15 ? 8.5 : 0.1 + (i % 5) * 0.3), outcome: i === 9 || i === 15 ? 'fail' : 'ok' }))),
    ...(await start('web-analytics', 'hourly_sessions', hours(14), (i) => ({ shards: 6 + (i % 4), outcome: i === 4 ? 'fail' : 'ok' }))),
    ...(await start('customer-360', 'merge_profiles', days(6, '+00:00'), () => ({}))),
    ...(await start('ops', 'cleanup', days(8, '+00:00'), (i) => ({ outcome: i % 3 === 2 ? 'fail' : 'ok' }))),
    ...(await start('recommendations-for-the-european-market-including-seasonal-offers-and-everything', 'train_and_publish_the_model_for_all_countries_of_the_european_union', days(3, '+01:00'), () => ({}))),
  ];
  for (const id of all) await server.finished(id);
  const [thousand] = await start('web-analytics', 'rebuild_all_partitions', ['2026-11-26T00:00:00+00:00'], () => ({}));
  await server.finished(thousand!);
  const [killed] = await start('ops', 'wait_for_export', ['2026-11-25T00:00:00+00:00'], () => ({}));
  await server.api('POST', `attempts/${killed!}/kill`, {});
  await server.finished(killed!);
  const retried = await server.api<{ id: string; sessionId: string; sessionTime: string }>('GET', `attempts/${all[9]!}`);
  const again = await server.run(await server.workflowId('billing', 'daily_invoices'), retried.sessionTime, { pace: '0.2', outcome: 'ok' }, 'after-fix');
  await server.finished(again.id);
  // Sessions of a backfill run one after the other: the first holds a lease, the others wait for it.
  const { schedules } = await server.api<{ schedules: { id: string; workflow: { name: string } }[] }>('GET', 'schedules');
  const scheduled = (name: string): string => schedules.find((s) => s.workflow.name === name)!.id;
  await server.api('POST', `schedules/${scheduled('export_warehouse')}/backfill`, { fromTime: '2026-11-20T00:00:00Z', attemptName: 'november', count: 4, dryRun: false });
  // These go on while the pictures are taken.
  await start('ops', 'wait_for_export', ['2026-11-26T00:00:00+00:00'], () => ({}));
  await start('customer-360', 'long_import', ['2026-11-26T06:00:00+00:00'], () => ({}));
  await server.api('POST', `schedules/${scheduled('cleanup')}/disable`, {});
}

const billing: Record<string, string> = {
  'daily_invoices.dig': `timezone: Asia/Tokyo

schedule:
  daily>: 07:00:00

_export:
  table: invoices_\${moment(session_time).format("YYYYMMDD")}

+extract:
  _parallel: true
  +orders:
    sh>: sleep \${pace}; echo "read 18,244 orders of \${session_date}"
  +customers:
    sh>: sleep 0.1; printf 'read \\033[32m4,310\\033[0m customers\\n'
  +payments:
    sh>: sleep \${pace}; sleep \${pace}; echo "read 17,902 payments"

+load:
  sh>: sleep \${pace}; echo "wrote \${table}"

+check:
  +totals:
    sh>: sleep \${pace}; echo "totals agree"
  +vat:
    sh>: scripts/vat.sh \${outcome}

+report:
  +render:
    sh>: sleep 0.1; echo "rendered 212 pages"
  +send:
    echo>: "invoices of \${session_date} are out"
`,
  'month_end.dig': `timezone: Asia/Tokyo

schedule:
  monthly>: 1,09:00:00

+close:
  echo>: close the books

+statement:
  echo>: statement
`,
  'queries/orders.sql': `-- orders that are to be invoiced
select o.id, o.customer_id, o.amount, status
from orders o
where o.ordered_on = date '\${session_date}'
  and status in ('shipped', 'delivered')
order by 1;
`,
  'scripts/vat.sh': `#!/bin/sh
# Compares the VAT of every invoice with the rate of its country.
echo "comparing 18,244 invoices with 27 rates"
if [ "$1" = fail ]; then
  echo "invoice 88213: expected 19.00 %, found 0.00 %" >&2
  echo "invoice 90117: expected 25.00 %, found 0.00 %" >&2
  exit 3
fi
echo "all rates agree"
`,
  'README.md': '# billing\n\nInvoices, every morning.\n',
};

const analytics: Record<string, string> = {
  'hourly_sessions.dig': `timezone: UTC

schedule:
  hourly>: 10:00

+collect:
  loop>: \${shards}
  _parallel: true
  _do:
    +shard:
      sh>: sleep 0.0\${i}; echo "shard \${i}"

+sessionize:
  sh>: if [ \${outcome} = fail ]; then echo "out of memory while sorting shard 3"; exit 137; fi; sleep 0.2

+publish:
  echo>: published
`,
  'rebuild_all_partitions.dig': `+plan:
  echo>: plan

+partitions:
  loop>: 1000
  _parallel:
    limit: 100
  _do:
    +rebuild:
      echo>: partition \${i}

+verify:
  echo>: verified
`,
  'every_five_minutes.dig': `schedule:
  minutes_interval>: 5
  start: 2030-01-01

+ping:
  echo>: ping
`,
};

const customer: Record<string, string> = {
  'merge_profiles.dig': `schedule:
  cron>: "30 4,16 * * *"

+sources:
  _parallel: true
  +crm:
    +read:
      echo>: crm
    +clean:
      echo>: clean
  +shop:
    +read:
      echo>: shop
    +clean:
      sh>: sleep 0.2
  +support:
    +read:
      echo>: support

+merge:
  _retry: 2
  sh>: sleep 0.1

+segments:
  for_each>:
    country: [de, fr, it, es, nl, pl]
  _do:
    +segment:
      echo>: \${country}
`,
  'long_import.dig': `+prepare:
  sh>: sleep 1; echo "prepared"

+files:
  _parallel: true
  +first:
    sh>: for i in $(seq 1 600); do echo "imported file $i of 600"; sleep 1; done
  +second:
    sh>: sleep 400

+finish:
  echo>: done
`,
};

const long = `schedule:
  weekly>: Sun,02:00:00

+train_the_model_with_all_features_that_are_known_about_customers_and_their_orders:
  sh>: sleep 0.3
+publish_to_all_regions_after_the_canary_has_proved_that_nothing_is_worse_than_before:
  echo>: published
`;

const ops: Record<string, string> = {
  'cleanup.dig': `schedule:
  daily>: 03:30:00

+tmp:
  echo>: removed 3 files
+disk:
  sh>: '[ \${outcome} = ok ] || { echo "no space left on /var/data" >&2; exit 1; }'
`,
  'export_warehouse.dig': `schedule:
  daily>: 05:00:00

+snapshot:
  sh>: sleep 600
`,
  'wait_for_export.dig': `+wait:
  sh>: sleep 600
+go_on:
  echo>: go
`,
};
