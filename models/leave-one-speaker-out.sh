#!/usr/bin/env bash
# How well digits of a stranger are understood: for each speaker of the Free Spoken Digit Dataset, a model that never heard that
# speaker, trained shorter than the one that ships (about 20 minutes of one core each), is judged by that speaker's test takes.
# Usage: models/leave-one-speaker-out.sh CORPUS-DIRECTORY WORK-DIRECTORY [SPEAKER...]
# CORPUS-DIRECTORY: the folder "few" that models/train-speech-model.sh makes.
set -euo pipefail
home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
corpus="${1:?usage: models/leave-one-speaker-out.sh CORPUS-DIRECTORY WORK-DIRECTORY [SPEAKER...]}"
work="${2:?usage: models/leave-one-speaker-out.sh CORPUS-DIRECTORY WORK-DIRECTORY [SPEAKER...]}"
speakers=("${@:3}")
[ "${#speakers[@]}" -gt 0 ] || speakers=(george jackson lucas nicolas theo yweweler)
mkdir -p "$work"
cat > "$work/options.yaml" <<'OPTIONS'
steps: 4000
validateEvery: 4000
frameShare: 0.25
curriculumShare: 0.1
strungShare: 0.7
noiseShare: 0.25
leastSnr: 8
reverberationShare: 0.1
narrowBandShare: 0.4
toneShare: 0.4
speed: 0.15
frequencyMasks: 1
timeMasks: 2
OPTIONS
for speaker in "${speakers[@]}"; do
  MILLRACE_HEAP="${MILLRACE_HEAP:-4g}" "$home/millrace" train speech --resume --seed 1 --name "without-$speaker" \
    --leave-out "$speaker" --manifest "$corpus/digits-train.jsonl" "$corpus/prompts-train.jsonl" \
    "$corpus/commands-train.jsonl" --validate "$corpus/digits-valid.jsonl" --config "$work/options.yaml" \
    --out "$work/without-$speaker" >&2
  for head in ctc rnnt; do
    for lookahead in 0 6; do
      "$home/millrace" evaluate speech --model "$work/without-$speaker" --manifest "$corpus/digits-test.jsonl" \
        --speaker "$speaker" --lookahead "$lookahead" --head "$head" --json | sed "s/^{/{\"stranger\":\"$speaker\",/"
    done
  done
done
