#!/usr/bin/env bash
# Measures the published program against its floors and prints the ratios: tests/WfRunner.Benchmarks/ratios.sh [ROUNDS]
# Commands take turns, so that whatever else the machine does meets all of them; the median of the rounds counts.
set -euo pipefail
cd "$(dirname "$0")/../.."
source eng/need.sh
need_tool python3 python3
need_native_toolchain
binary="${WF_BINARY:-$PWD/artifacts/wf/wf}"
[[ -x $binary ]] || dotnet publish src/WfRunner.Cli -c Release -r "$(runtime_id)" -o artifacts/wf --nologo -v quiet
empty="$PWD/artifacts/empty/empty"
[[ -x $empty ]] || dotnet publish tests/WfRunner.Benchmarks/Empty -c Release -r "$(runtime_id)" -o artifacts/empty --nologo -v quiet
exec python3 tests/WfRunner.Benchmarks/ratios.py "$binary" "$empty" "${1:-15}"
