#!/usr/bin/env bash
# Trains the intrusion model that ships, on simulated flows alone (no third party's data): about a quarter of an hour on
# one core, with 9 GB of memory.
# Usage: models/train-default-model.sh [OUTPUT-DIRECTORY]
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
out="${1:-$home/models/src/main/resources/io/millrace/models/intrusion/default}"
data="$(mktemp -d)"
trap 'rm -rf "$data"' EXIT

# seed, records a second, hour the recording begins, exporter, share of attacks, records, kinds of attack, hosts (0: by the rate)
recording() {
  "$home/millrace" simulate flows --fast --seed "$1" --rate "$2" --start "2026-01-05T$3:00:00Z" --exporter "$4" \
    --attack-share "$5" --count "$6" --attack "$7" --hosts "$8" --output "$data/flows-$1.jsonl"
}
recording 101 100 09 biflow 0.10 50000 all 0
recording 102 200 14 biflow 0.06 40000 all 0
recording 103 400 11 biflow 0.10 40000 all 0
recording 104 100 20 mixed 0.10 40000 all 0
recording 105 20 08 biflow 0.10 40000 all 0
# Every part of the day, since each has programmes of its own: backups run at night.
recording 110 200 22 biflow 0.05 50000 all 0
recording 111 200 03 biflow 0.05 50000 all 0
recording 112 100 00 biflow 0.08 40000 all 0
recording 113 300 19 biflow 0.05 50000 all 0
recording 114 200 07 biflow 0.08 40000 all 0
recording 115 50 02 biflow 0.10 40000 all 0
recording 116 400 23 mixed 0.06 40000 all 0
recording 120 200 01 biflow 0.06 45000 all 0
recording 121 200 06 biflow 0.06 45000 all 0
recording 122 200 13 biflow 0.06 45000 all 0
recording 123 200 17 biflow 0.06 45000 all 0
recording 124 200 21 biflow 0.06 45000 all 0
recording 125 400 15 mixed 0.08 40000 all 0
recording 126 200 10 mixed 0.10 40000 all 0
recording 127 20 12 biflow 0.10 40000 all 0
# Kinds with few flows, over slow streams and over many hosts: many campaigns of each.
recording 106 50 10 biflow 0.15 40000 beaconing,exfiltration 1200
recording 107 20 13 biflow 0.15 40000 beaconing,exfiltration 400
recording 108 200 09 mixed 0.10 30000 beaconing,exfiltration 2000
recording 109 100 15 biflow 0.20 40000 beaconing,exfiltration 1500
recording 130 50 22 biflow 0.15 40000 beaconing,exfiltration 800
recording 131 20 10 biflow 0.15 40000 beaconing,exfiltration 500
recording 132 200 14 mixed 0.10 30000 beaconing,exfiltration 2000

cat > "$data/options.yaml" <<'OPTIONS'
epochs: 10
learningRate: 0.003
fieldMask: 0.1
# Copies of the flows that begin without history: a stream begins with hosts that are all new.
restartEvery: 32
# Log-ins over FTP look much like what is carried out over it: kinds are worth learning well.
kindWeight: 0.3
OPTIONS

MILLRACE_HEAP="${MILLRACE_HEAP:-9g}" "$home/millrace" train intrusion --format core --name intrusion-default --seed 1 \
  --false-alarm-rate 0.001 --config "$data/options.yaml" --out "$out" \
  --data "$data"/flows-*.jsonl
