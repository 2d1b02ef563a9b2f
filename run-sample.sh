#!/usr/bin/env bash
# Builds wf as one native binary (artifacts/wf/wf) and runs the main job of samples/wf_sample with it.
# Needs the .NET SDK and Node. Arguments are passed on: ./run-sample.sh --rerun
set -euo pipefail
cd "$(dirname "$0")"
source eng/need.sh

need_native_toolchain
if [[ ! -x artifacts/wf/wf || -n $(find src Directory.* -newer artifacts/wf/wf -not -path '*/obj/*' -not -path '*/bin/*' -not -path '*/node_modules/*' -type f -print -quit) ]]; then
  echo "Building wf (a minute or two the first time)..."
  dotnet publish src/WfRunner.Cli -c Release -r "$(runtime_id)" -o artifacts/wf --nologo -v quiet
fi

cd samples/wf_sample
../../artifacts/wf/wf run job1 "$@"
