#!/usr/bin/env bash
# Measures a server on PostgreSQL beside the database itself (pgbench), in one run: tests/WfRunner.Benchmarks/server.sh [--short]
# Task transitions a second, start request to first command, memory and processor time when idle and after many attempts.
set -euo pipefail
cd "$(dirname "$0")/../.."
source eng/need.sh
need_tool python3 python3
need_postgresql
binary="${WF_BINARY:-$PWD/artifacts/wf/wf}"
if [[ ! -x $binary ]]; then
  need_native_toolchain
  dotnet publish src/WfRunner.Cli -c Release -r "$(runtime_id)" -o artifacts/wf --nologo -v quiet
fi
exec python3 tests/WfRunner.Benchmarks/server.py "$binary" "$@"
