#!/usr/bin/env bash
# Measures how many calls of `sh> true` a server does in a second, with a small and with a large project: tests/WfRunner.Benchmarks/workspaces.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
source eng/need.sh
need_tool python3 python3
binary="${WF_BINARY:-$PWD/artifacts/wf/wf}"
if [[ ! -x $binary ]]; then
  need_native_toolchain
  dotnet publish src/WfRunner.Cli -c Release -r "$(runtime_id)" -o artifacts/wf --nologo -v quiet
fi
exec python3 tests/WfRunner.Benchmarks/workspaces.py "$binary"
