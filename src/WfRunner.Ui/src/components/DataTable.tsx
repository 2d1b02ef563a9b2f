import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useShortcuts } from '../keyboard/shortcuts';

export interface Column<T> {
  /** Unique in the table. */
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  className?: string;
  /** On a phone: the first line of the card, a labelled value (the label), or left out. */
  card?: 'main' | 'none' | { label: string };
}

interface DataTableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Rows can be ticked when given. */
  selection?: { selected: ReadonlySet<string>; onChange: (selected: ReadonlySet<string>) => void; label: (row: T) => string };
}

const virtualFrom = 150;

/** A table whose rows are cards on a phone; `j` and `k` go through the rows' links, `x` ticks. Long ones draw only what is seen. */
export function DataTable<T>(props: DataTableProps<T>): ReactElement {
  const { rows, rowKey } = props;
  const wrap = useRef<HTMLDivElement>(null);
  useRowKeys(wrap);
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    if (wrap.current) setOffset(wrap.current.getBoundingClientRect().top + window.scrollY);
  }, [rows.length]);
  const isVirtual = rows.length > virtualFrom;
  const virtual = useWindowVirtualizer({
    count: isVirtual ? rows.length : 0,
    estimateSize: () => 36,
    overscan: 20,
    scrollMargin: offset,
    getItemKey: (i) => rowKey(rows[i]!),
  });
  const items = virtual.getVirtualItems();
  const before = items.length > 0 ? items[0]!.start - offset : 0;
  const after = items.length > 0 ? virtual.getTotalSize() - (items[items.length - 1]!.end - offset) : 0;
  return (
    <div className="table-wrap" ref={wrap}>
      <table className="table cards" role="table" aria-rowcount={rows.length + 1}>
        <caption className="visually-hidden">{props.caption}</caption>
        <Head {...props} />
        <tbody role="rowgroup">
          {isVirtual ? (
            <>
              {before > 0 && <Spacer height={before} />}
              {items.map((item) => (
                <Row key={item.key} {...props} row={rows[item.index]!} index={item.index} measure={virtual.measureElement} />
              ))}
              {after > 0 && <Spacer height={after} />}
            </>
          ) : (
            rows.map((row, index) => <Row key={rowKey(row)} {...props} row={row} index={index} />)
          )}
        </tbody>
      </table>
    </div>
  );
}

function Head<T>({ columns, rows, rowKey, selection }: DataTableProps<T>): ReactElement {
  const all = selection !== undefined && rows.length > 0 && rows.every((r) => selection.selected.has(rowKey(r)));
  return (
    <thead role="rowgroup">
      <tr role="row">
        {selection && (
          <th scope="col" role="columnheader">
            <input
              type="checkbox"
              aria-label="Select all"
              checked={all}
              onChange={() => selection.onChange(all ? new Set() : new Set(rows.map(rowKey)))}
            />
          </th>
        )}
        {columns.map((c) => (
          <th key={c.key} scope="col" role="columnheader" className={c.className}>
            {c.head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps<T> extends DataTableProps<T> {
  row: T;
  index: number;
  measure?: (element: Element | null) => void;
}

function Row<T>({ columns, row, rowKey, selection, index, measure }: RowProps<T>): ReactElement {
  const key = rowKey(row);
  return (
    <tr role="row" data-row={key} data-index={index} aria-rowindex={index + 2} ref={measure}>
      {selection && (
        <td role="cell">
          <input
            type="checkbox"
            aria-label={selection.label(row)}
            checked={selection.selected.has(key)}
            onChange={() => {
              const next = new Set(selection.selected);
              if (!next.delete(key)) next.add(key);
              selection.onChange(next);
            }}
          />
        </td>
      )}
      {columns.map((c) => (
        <td
          key={c.key}
          role="cell"
          className={[c.className, c.card === 'main' ? 'card-main' : c.card === 'none' ? 'card-none' : ''].filter(Boolean).join(' ') || undefined}
          data-label={typeof c.card === 'object' ? c.card.label : undefined}
        >
          {c.cell(row)}
        </td>
      ))}
    </tr>
  );
}

function Spacer({ height }: { height: number }): ReactElement {
  return (
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} colSpan={99} />
    </tr>
  );
}

function useRowKeys(wrap: React.RefObject<HTMLElement | null>): void {
  const move = (step: number): void => {
    const links = [...(wrap.current?.querySelectorAll<HTMLElement>('tr[data-row] a[data-rowlink]') ?? [])];
    if (links.length === 0) return;
    const row = document.activeElement?.closest('tr[data-row]');
    const at = row ? links.findIndex((l) => row.contains(l)) : -1;
    const next = links[at === -1 ? (step > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(at + step, links.length - 1))]!;
    next.focus();
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => document.activeElement?.closest('tr[data-row]')?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click(),
  });
}
