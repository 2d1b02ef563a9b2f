// Packs the build beside itself, as the server embeds it: every file as .gz and .br, at the strongest setting.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const from = new URL('../dist/', import.meta.url).pathname;
const packed = [];
for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || /\.(gz|br)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const name = relative(from, file).split(sep).join('/');
  if (name === 'config.js') {
    rmSync(file);
    continue;
  }
  const bytes = readFileSync(file);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(file + '.gz', gzip);
  writeFileSync(file + '.br', brotli);
  packed.push({ name, bytes: bytes.length, gzip: gzip.length, brotli: brotli.length });
}
writeFileSync(join(from, 'sizes.json'), JSON.stringify(packed.sort((a, b) => b.gzip - a.gzip), null, 1));
console.log(`${packed.length} files, ${packed.reduce((n, f) => n + f.brotli, 0)} bytes as brotli`);
