#!/usr/bin/env bash
# Runs every static check, all of them even when one fails, and says at the end which did.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

failed=()

check() {
  local name=$1 started=$SECONDS output
  shift
  if output=$("$@" 2>&1); then
    printf '  ok    %-22s %3d s\n' "$name" $((SECONDS - started))
  else
    printf '  FAIL  %-22s %3d s\n%s\n' "$name" $((SECONDS - started)) "$output"
    failed+=("$name")
  fi
}

check "format (ruff)" ruff format --check .
check "lint (ruff)" ruff check .
check "types (mypy)" mypy
check "imports (import-linter)" lint-imports
check "migrations (alembic)" python -m center db check
check "generated files" .ci/generate.sh --check
check "lint (eslint)" python .ci/frontend.py npm run lint --silent
check "types (vue-tsc)" python .ci/frontend.py npm run typecheck --silent

if [ ${#failed[@]} -gt 0 ]; then
  printf 'check: failed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
echo "check: all fine"
