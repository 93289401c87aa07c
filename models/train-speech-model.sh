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
# At last with more of the real speakers, of whom there are few.
cat > "$work/third.yaml" <<'OPTIONS'
steps: 2500
validateEvery: 500
learningRate: 0.0008
warmup: 100
frameShare: 0
curriculumShare: 0
strungShare: 0.7
noiseShare: 0.15
leastSnr: 10
reverberationShare: 0.05
narrowBandShare: 0.2
toneShare: 0.15
speed: 0.08
frequencyMasks: 1
frequencyWidth: 10
timeMasks: 1
dropout: 0.05
headDropout: 0.05
OPTIONS

digits="$work/corpus/digits-train.jsonl"
commands="$work/corpus/commands-train.jsonl"
train() {
  MILLRACE_HEAP="${MILLRACE_HEAP:-4g}" "$home/millrace" train speech --resume --seed 1 --name speech-default \
    --validate "$work/corpus/digits-valid.jsonl" "$work/corpus/commands-valid.jsonl" \
    --licence "weights: as Millrace; trained on synthesised speech and on the Free Spoken Digit Dataset, CC BY-SA 4.0" "$@"
}
train --manifest "$digits" "$commands" --config "$work/first.yaml" --out "$work/first"
train --manifest "$digits" "$commands" --config "$work/second.yaml" --from "$work/first" --out "$work/second"
train --manifest "$digits" "$digits" "$digits" "$commands" --config "$work/third.yaml" --from "$work/second" \
  --out "$work/third"
cp "$work/third"/{card.json,tokens.json,weights.safetensors} "$out/"
