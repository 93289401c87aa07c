#!/usr/bin/env bash
# Trains the speech model that ships: connected digits and spoken commands. About two hours on one core.
# Needs espeak-ng, flite and festival with festvox-kallpc16k, festvox-kdlpc16k, festvox-us-slt-hts (Debian's packages), and the
# Free Spoken Digit Dataset (CC BY-SA 4.0) as one FLAC a speaker beside index.csv.
# Usage: models/train-speech-model.sh FSDD-DIRECTORY [OUTPUT-DIRECTORY] [WORK-DIRECTORY]
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
fsdd="${1:?usage: models/train-speech-model.sh FSDD-DIRECTORY [OUTPUT-DIRECTORY] [WORK-DIRECTORY]}"
out="${2:-$home/models/src/main/resources/io/millrace/models/speech/default}"
work="${3:-$(mktemp -d)}"
mkdir -p "$work" "$out"

[ -s "$work/corpus/commands-train.jsonl" ] || \
  "$home/millrace" simulate corpus --fsdd "$fsdd" --out "$work/corpus" --commands 12000 --judged 300 --seed 1

# First through much noise, then through less of it, as most calls are.
cat > "$work/first.yaml" <<'OPTIONS'
steps: 6500
validateEvery: 500
OPTIONS
cat > "$work/second.yaml" <<'OPTIONS'
steps: 6000
validateEvery: 500
learningRate: 0.0012
frameShare: 0
curriculumShare: 0
noiseShare: 0.25
leastSnr: 8
reverberationShare: 0.1
narrowBandShare: 0.25
toneShare: 0.25
frequencyMasks: 1
frequencyWidth: 14
timeMasks: 2
dropout: 0.05
headDropout: 0.05
OPTIONS

train() {
  MILLRACE_HEAP="${MILLRACE_HEAP:-4g}" "$home/millrace" train speech --resume --seed 1 \
    --manifest "$work/corpus/digits-train.jsonl" "$work/corpus/commands-train.jsonl" \
    --validate "$work/corpus/digits-valid.jsonl" "$work/corpus/commands-valid.jsonl" "$@"
}
train --name speech-default --config "$work/first.yaml" --out "$work/first"
train --name speech-default --config "$work/second.yaml" --from "$work/first" --out "$work/second" \
  --licence "weights: as Millrace; trained on synthesised speech and on the Free Spoken Digit Dataset, CC BY-SA 4.0"
cp "$work/second"/{card.json,tokens.json,weights.safetensors} "$out/"
