#!/usr/bin/env bash
# Trains the speech model that ships: connected digits and spoken commands. About two hours on one core.
# Needs, of Debian, espeak-ng, flite, festival with festvox-kallpc16k, festvox-kdlpc16k and festvox-us-slt-hts,
# asterisk-core-sounds-en-wav, and of its section non-free rhvoice, rhvoice-english and libttspico-utils;
# and the Free Spoken Digit Dataset (CC BY-SA 4.0) as one FLAC a speaker beside index.csv.
# Usage: models/train-speech-model.sh FSDD-DIRECTORY [OUTPUT-DIRECTORY] [WORK-DIRECTORY]
# LEAVE_OUT=SPEAKER leaves one of the speakers of the digits out, to see how a stranger is understood.
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
fsdd="${1:?usage: models/train-speech-model.sh FSDD-DIRECTORY [OUTPUT-DIRECTORY] [WORK-DIRECTORY]}"
out="${2:-$home/models/src/main/resources/io/millrace/models/speech/default}"
work="${3:-$(mktemp -d)}"
mkdir -p "$work" "$out"

prompts=/usr/share/asterisk/sounds/en_US_f_Allison
corpus() { # FOLDER OPTION...
  [ -s "$work/$1/commands-train.jsonl" ] || "$home/millrace" simulate corpus --out "$work/$1" --natural-share 0.5 \
    --synthesizers ESPEAK,FLITE,FESTIVAL,RHVOICE,PICO "${@:2}"
}
corpus few --fsdd "$fsdd" --prompts "$prompts" --commands 4000 --judged 300 --seed 1
corpus many --commands 14000 --judged 0 --seed 2

# First through much noise, then through less of it, as most calls are.
cat > "$work/first.yaml" <<'OPTIONS'
steps: 3500
validateEvery: 500
frameShare: 0.3
curriculumShare: 0.15
noiseShare: 0.4
leastSnr: 5
reverberationShare: 0.2
narrowBandShare: 0.3
toneShare: 0.3
frequencyMasks: 1
timeMasks: 3
OPTIONS
cat > "$work/second.yaml" <<'OPTIONS'
steps: 9500
validateEvery: 500
learningRate: 0.0014
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
steps: 3000
validateEvery: 500
learningRate: 0.0008
warmup: 100
frameShare: 0
curriculumShare: 0
strungShare: 0.6
noiseShare: 0.15
leastSnr: 10
reverberationShare: 0.05
narrowBandShare: 0.2
toneShare: 0.15
speed: 0.1
frequencyMasks: 1
frequencyWidth: 10
timeMasks: 1
dropout: 0.05
headDropout: 0.05
OPTIONS

few="$work/few"
digits="$few/digits-train.jsonl"
# One take a word: as often as a tenth of the digits.
woman=()
for _ in 1 2 3 4 5 6 7 8; do woman+=("$few/prompts-train.jsonl"); done
commands=("$few/commands-train.jsonl" "$work/many/commands-train.jsonl")
train() {
  MILLRACE_HEAP="${MILLRACE_HEAP:-5g}" "$home/millrace" train speech --resume --seed 1 --name speech-default \
    ${LEAVE_OUT:+--leave-out "$LEAVE_OUT"} --validate "$few/digits-valid.jsonl" "$few/commands-valid.jsonl" \
    --licence "weights: as Millrace; trained on synthesised speech, the Free Spoken Digit Dataset, CC BY-SA 4.0, and \
Asterisk's English prompts by Allison Smith, CC BY-SA 3.0" "$@"
}
train --manifest "$digits" "${woman[@]}" "$few/commands-train.jsonl" --config "$work/first.yaml" --out "$work/first"
train --manifest "$digits" "${woman[@]}" "${commands[@]}" --config "$work/second.yaml" --from "$work/first" \
  --out "$work/second"
train --manifest "$digits" "$digits" "$digits" "${woman[@]}" "${woman[@]}" "${woman[@]}" "${commands[@]}" \
  --config "$work/third.yaml" --from "$work/second" --out "$work/third"
cp "$work/third"/{card.json,tokens.json,weights.safetensors} "$out/"
