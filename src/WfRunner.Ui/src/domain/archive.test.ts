import { gzipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { readArchive, textOf, workflowFile, writeArchive } from './archive';
import { compareArchives, compareTexts } from './diff';

const png = Uint8Array.from({ length: 2000 }, (_, i) => (i * 7919) % 256);

async function sample(): Promise<Uint8Array> {
  const file = (name: string, data: string | Uint8Array, mode = 0o644) => {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    return { header: { name, size: bytes.length, mode, type: 'file' as const }, body: new Uint8Array(bytes) };
  };
  return gzipSync(
    await packTar([
      { header: { name: 'scripts/', size: 0, type: 'directory' } },
      file('./main.dig', '+a:\n  echo>: ä\n'),
      file('scripts/run.sh', '#!/bin/sh\n', 0o755),
      file('logo.png', png),
      { header: { name: 'link.sql', size: 0, type: 'symlink', linkname: 'query.sql' } },
    ]),
  );
}

describe('an archive', () => {
  it('is read with paths, modes and kinds; workflows come first', async () => {
    const archive = await readArchive(await sample());
    expect(archive.files.map((f) => [f.path, f.isText, f.mode.toString(8)])).toEqual([
      ['main.dig', true, '644'],
      ['logo.png', false, '644'],
      ['scripts/run.sh', true, '755'],
    ]);
    expect(textOf(archive.files[0]!)).toBe('+a:\n  echo>: ä\n');
  });

  it('keeps what was not touched byte for byte when it is written', async () => {
    const before = await readArchive(await sample());
    const after = await readArchive(await writeArchive(before, new Map([['main.dig', '+b:\n  echo>: b\n'], ['new/file.txt', 'n'], ['gone.txt', null]])));
    const find = (path: string) => after.files.find((f) => f.path === path);
    expect(find('logo.png')!.data).toEqual(png);
    expect(find('scripts/run.sh')!.mode & 0o111).toBe(0o111);
    expect(textOf(find('main.dig')!)).toContain('+b');
    expect(textOf(find('new/file.txt')!)).toBe('n');
    expect(after.entries.find((e) => e.header.name === 'link.sql')!.header).toMatchObject({ type: 'symlink', linkname: 'query.sql' });
  });

  it('leaves out what is deleted', async () => {
    const before = await readArchive(await sample());
    const after = await readArchive(await writeArchive(before, new Map([['logo.png', null]])));
    expect(after.files.some((f) => f.path === 'logo.png')).toBe(false);
  });

  it('finds the file of a workflow, also in archives of old versions', async () => {
    const archive = await readArchive(await sample());
    expect(workflowFile(archive, 'main')!.path).toBe('main.dig');
    expect(workflowFile(archive, 'other')).toBeUndefined();
    const old = await readArchive(await writeArchive({ files: [], entries: [] }, new Map([['digdag.yml', ''], ['old.yml', '+a:\n']])));
    expect(workflowFile(old, 'old')!.path).toBe('old.yml');
  });

  it('is compared file by file', async () => {
    const before = await readArchive(await sample());
    const after = await readArchive(await writeArchive(before, new Map<string, string | Uint8Array<ArrayBuffer> | null>([['main.dig', '+a:\n  echo>: b\n'], ['logo.png', png.slice(1)], ['x', '1\n'], ['scripts/run.sh', null]])));
    expect(compareArchives(before, after).map((f) => [f.path, f.kind, f.added, f.removed])).toEqual([
      ['logo.png', 'binary changed', 0, 0],
      ['main.dig', 'changed', 1, 1],
      ['scripts/run.sh', 'removed', 0, 1],
      ['x', 'added', 1, 0],
    ]);
    expect(compareArchives(before, before)).toEqual([]);
  });
});

it('a comparison shows changed lines with some around', () => {
  const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
  const lines = compareTexts(text, text.replace('line 20', 'changed'));
  expect(lines.filter((l) => l.kind === 'add').map((l) => l.text)).toEqual(['changed']);
  expect(lines.filter((l) => l.kind === 'same')).toHaveLength(6);
});
