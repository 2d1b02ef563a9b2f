// The least that a query costs: DuckDB's own library, driven directly. Writes the rows of a query to standard output as CSV.
// node query.mjs FILE.duckdb DATABASE SQL
import { once } from "node:events";
import { DuckDBInstance } from "@duckdb/node-api";

const [file, database, sql] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(`ATTACH '${file}' AS ${database} (READ_ONLY); USE ${database}`);
const result = await connection.stream(sql);
const field = (value) => {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

process.stdout.write(result.columnNames().map(field).join(",") + "\n");
for (;;) {
  const chunk = await result.fetchChunk();
  if (!chunk || chunk.rowCount === 0) break;
  const lines = chunk.getRows().map((row) => row.map(field).join(","));
  if (!process.stdout.write(lines.join("\n") + "\n")) await once(process.stdout, "drain");
}
