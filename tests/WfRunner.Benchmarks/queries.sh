#!/usr/bin/env bash
# Measures queries of the published program beside DuckDB's library driven directly, and prints the ratios:
# tests/WfRunner.Benchmarks/queries.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
source eng/need.sh
need_tool python3 python3
need_tool node nodejs
need_native_toolchain
binary="${WF_BINARY:-$PWD/artifacts/wf/wf}"
[[ -x $binary ]] || dotnet publish src/WfRunner.Cli -c Release -r "$(runtime_id)" -o artifacts/wf --nologo -v quiet
floor="$PWD/artifacts/query-floor"
mkdir -p "$floor"
cp tests/WfRunner.Benchmarks/Floor/package.json tests/WfRunner.Benchmarks/Floor/query.mjs "$floor"
[[ -d $floor/node_modules ]] || (cd "$floor" && npm install --no-audit --no-fund --silent)
exec python3 tests/WfRunner.Benchmarks/queries.py "$binary" "$floor/query.mjs" "${1:-5}"
