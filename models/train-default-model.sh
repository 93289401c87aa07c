#!/usr/bin/env bash
# Trains the intrusion model that ships, on simulated flows alone (no third party's data): about ten minutes on one core.
# Usage: models/train-default-model.sh [OUTPUT-DIRECTORY]
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
out="${1:-$home/models/src/main/resources/io/millrace/models/intrusion/default}"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT

# seed, records a second, hour the recording begins, exporter, share of attacks
recording() {
  "$home/millrace" simulate flows --fast --seed "$1" --rate "$2" --start "2026-01-05T$3:00:00Z" --exporter "$4" \
    --attack-share "$5" --count "$6" --output "$data/flows-$1.jsonl"
}
recording 101 100 09 biflow 0.10 60000
recording 102 200 14 biflow 0.06 60000
recording 103 400 11 biflow 0.10 60000
recording 104 100 20 mixed 0.10 50000
recording 105 200 08 biflow 0.10 60000

cat > "$data/options.yaml" <<'OPTIONS'
epochs: 10
learningRate: 0.003
fieldMask: 0.1
OPTIONS

MILLRACE_HEAP="${MILLRACE_HEAP:-4g}" "$home/millrace" train intrusion --format core --name intrusion-default --seed 1 \
  --false-alarm-rate 0.001 --config "$data/options.yaml" --out "$out" \
  --data "$data"/flows-101.jsonl --data "$data"/flows-102.jsonl --data "$data"/flows-103.jsonl \
  --data "$data"/flows-104.jsonl --data "$data"/flows-105.jsonl
