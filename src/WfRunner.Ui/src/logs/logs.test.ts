import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { colourLine, stripAnsi } from './ansi';
import { LogDocument, splitLines, type LogSource } from './document';
import { inOrder } from './order';
import { unpackLog } from './unpack';
import { inZone } from './zone';

const source = (name: string, text: string): LogSource => ({ fileName: name, taskName: name, fileTime: '', agentId: '', attempt: 1, size: 0, part: splitLines(text) });
const shown = (document: LogDocument): string[] =>
  Array.from({ length: document.rowCount }, (_, i) => {
    const row = document.row(i);
    return row.kind === 'head' ? `== ${row.source.taskName}` : `${row.number} ${document.text(row.source, row.index)}`;
  });

it('files of one second are ordered by the time in their names', () => {
  const file = (taskName: string, stamp: string, fileTime: string): Parameters<typeof inOrder>[0][number] => ({
    fileName: `${taskName}@${stamp}.17@agent.log.gz`,
    fileSize: 1,
    taskName,
    fileTime,
    agentId: '17@agent',
    direct: null,
  });
  const files = [
    file('+wf+after', '6926d0f900000003', '2026-11-26T10:00:09Z'),
    file('+wf+b', '6926d0f900000001', '2026-11-26T10:00:09Z'),
    file('+wf+c', '6926d0f900000002', '2026-11-26T10:00:09Z'),
    file('+wf+z', '6926d0f83b9ac9ff', '2026-11-26T10:00:08Z'),
  ];
  expect(inOrder(files).map((f) => f.taskName)).toEqual(['+wf+z', '+wf+b', '+wf+c', '+wf+after']);
});

describe('a log', () => {
  it('of one file is its lines; of several, with headings and numbered through', () => {
    expect(shown(new LogDocument([source('a', 'one\ntwo')], false))).toEqual(['1 one', '2 two']);
    expect(shown(new LogDocument([source('a', 'one\n'), source('b', ''), source('c', '\nx\n')], true))).toEqual(['== a', '1 one', '== b', '== c', '2 ', '3 x']);
  });

  it('finds the row of a line', () => {
    const document = new LogDocument([source('a', 'one\n'), source('b', 'two\nthree\n')], true);
    expect([1, 2, 3].map((n) => document.rowOfLine(n))).toEqual([1, 3, 4]);
  });

  it('is searched without regard to case, one match a line', () => {
    const document = new LogDocument([source('a', 'Error error\nfine\n'), source('b', 'an ERROR\n')], true);
    expect(document.search('error')).toEqual([1, 3]);
    expect(document.search('')).toEqual([]);
    expect(document.search('nothing')).toEqual([]);
  });

  it('is filtered by level; what follows a line belongs to it', () => {
    const text = '2024-05-01 00:00:00 +0000 [INFO] (x): a\n2024-05-01 00:00:00 +0000 [ERROR] (x): b\n  at somewhere\n2024-05-01 00:00:00 +0000 [WARN] (x): c\n';
    const document = new LogDocument([source('a', text)], false);
    expect([...document.rowsFrom(5)]).toEqual([1, 2]);
    expect([...document.rowsFrom(4)]).toEqual([1, 2, 3]);
  });

  it('of a million lines is split and searched', () => {
    const document = new LogDocument([source('a', 'some line of a log\n'.repeat(999_999) + 'the needle\n')], false);
    expect(document.lineCount).toBe(1_000_000);
    expect(document.search('NEEDLE')).toEqual([1_000_000]);
  });
});

describe('a log file', () => {
  const text = Array.from({ length: 5000 }, (_, i) => `line ${i} ${Math.sin(i)}`).join('\n');

  it('is unpacked', () => {
    expect(unpackLog(gzipSync(new TextEncoder().encode(text)))).toBe(text);
  });

  it('that is still being written shows what is there', () => {
    const packed = gzipSync(new TextEncoder().encode(text));
    const part = unpackLog(packed.subarray(0, Math.floor(packed.length / 2)));
    expect(part.length).toBeGreaterThan(1000);
    expect(text.startsWith(part)).toBe(true);
  });

  it('of several gzip members is read whole', () => {
    const member = (s: string): Uint8Array => gzipSync(new TextEncoder().encode(s));
    const [a, b] = [member('one\n'), member('two\n')];
    expect(unpackLog(Uint8Array.from([...a, ...b]))).toBe('one\ntwo\n');
  });

  it('that is none shows nothing and does not fail', () => {
    expect(unpackLog(new Uint8Array([1, 2, 3, 4]))).toBe('');
    expect(unpackLog(new Uint8Array())).toBe('');
  });
});

describe('colours', () => {
  it('become classes', () => {
    expect(colourLine('a \u001b[32mgreen\u001b[0m b')).toEqual([
      { text: 'a ', className: '' },
      { text: 'green', className: 'ansi-green-fg' },
      { text: ' b', className: '' },
    ]);
  });

  it('and other escapes go; a progress bar shows its last state', () => {
    expect(colourLine('10%\r50%\r100%\r').map((p) => p.text).join('')).toBe('100%');
    expect(stripAnsi('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007x\u001b[2K')).toBe('red x');
  });

  it('never make markup', () => {
    expect(colourLine('\u001b[31m<img src=x onerror=alert(1)>\u001b[0m')[0]!.text).toBe('<img src=x onerror=alert(1)>');
  });
});

it('times at the beginning of a line follow the chosen zone', () => {
  expect(inZone('2024-05-01 00:00:00.123 +0000 [INFO] x', 'Asia/Tokyo')).toBe('2024-05-01 09:00:00.123 +0900 [INFO] x');
  expect(inZone('2024-05-01 09:00:00 +09:00 x', 'UTC')).toBe('2024-05-01 00:00:00 +0000 x');
  expect(inZone('no time 2024-05-01 00:00:00 +0000 here', 'UTC')).toBe('no time 2024-05-01 00:00:00 +0000 here');
});
