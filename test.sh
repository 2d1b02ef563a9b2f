#!/usr/bin/env bash
# Runs every test of the project: ./test.sh [--quick]
#   --quick leaves out the published binary (its end-to-end tests then use the development build).
# Needs the .NET SDK and Node; what else is needed is installed here (Debian and Ubuntu) or named clearly.
set -euo pipefail
cd "$(dirname "$0")"
source eng/need.sh

need_tool python3 python3
need_tool faketime faketime
need_tool zsh zsh
need_tool fish fish
need_tool ruby ruby
need_tool redis-server redis-server
need_postgresql
need_pgbouncer
need_tool chromium chromium
configuration=Release
if [[ "${1:-}" != "--quick" ]]; then
  need_native_toolchain
  echo "== publish the native binary"
  publish_log=$(mktemp)
  dotnet publish src/WfRunner.Cli -c "$configuration" -r "$(runtime_id)" -o artifacts/wf --nologo -v minimal >"$publish_log" 2>&1 \
    || { cat "$publish_log"; exit 1; }
  if grep -E 'IL[0-9]{4}.*WfRunner\.' "$publish_log" | grep -v 'csproj\]$' ; then
    echo "error: our own code gives AOT or trim warnings" >&2
    exit 1
  fi
  rm -f "$publish_log"
  export WF_BINARY="$PWD/artifacts/wf/wf"
fi

echo "== build"
dotnet build WfRunner.sln -c "$configuration" --nologo -v quiet

echo "== format"
dotnet format WfRunner.sln --verify-no-changes --no-restore

echo "== lint of the web UI"
(cd src/WfRunner.Ui && npm run --silent generate && npm run --silent lint)

passed=0
failed=0
# Fast tests first: a mistake in a rule is known before any process is started.
for project in Architecture Core Query Cloud Operators Runtime Storage Client Cli Server Conformance EndToEnd; do
  folder="tests/WfRunner.$project.Tests"
  [[ -d $folder ]] || folder="tests/WfRunner.$project"
  [[ -d $folder ]] || continue
  echo "== $folder"
  log=$(mktemp)
  "$folder/bin/$configuration/net10.0/$(basename "$folder")" -noColor -noLogo | tee "$log" | grep -E '\[FAIL\]|Failed:|^ {4,}|Total:' || true
  total=$(sed -n 's/.* Total: \([0-9]*\).*/\1/p' "$log" | tail -n 1)
  bad=$(sed -n 's/.* Errors: \([0-9]*\), Failed: \([0-9]*\).*/\1 \2/p' "$log" | tail -n 1 | awk '{ print $1 + $2 }')
  if [[ -z $total ]]; then
    echo "$folder did not finish"
    failed=$((failed + 1))
  else
    passed=$((passed + total - bad))
    failed=$((failed + bad))
  fi
  rm -f "$log"
done

# The web UI: rules and components, then the whole in a browser. Each ends with "N passed, M failed" or Vitest's own words.
for suite in test e2e; do
  echo "== src/WfRunner.Ui: npm run $suite"
  log=$(mktemp)
  (cd src/WfRunner.Ui && NO_COLOR=1 npm run --silent "$suite") >"$log" 2>&1 || true
  good=$(sed -nE 's/^ *Tests .*[^0-9]([0-9]+) passed.*/\1/p; s/^([0-9]+) passed, [0-9]+ failed$/\1/p' "$log" | tail -n 1)
  bad=$(sed -nE 's/^ *Tests +([0-9]+) failed.*/\1/p; s/^[0-9]+ passed, ([0-9]+) failed$/\1/p' "$log" | tail -n 1)
  if [[ -z $good && -z $bad ]]; then
    cat "$log"
    echo "src/WfRunner.Ui: npm run $suite did not finish"
    failed=$((failed + 1))
  else
    [[ ${bad:-0} -eq 0 ]] || cat "$log"
    grep '^flaky: ' "$log" || true
    echo "Total: $((${good:-0} + ${bad:-0})), Failed: ${bad:-0}"
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-0}))
  fi
  rm -f "$log"
done

echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
