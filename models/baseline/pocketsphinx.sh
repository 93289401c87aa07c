#!/usr/bin/env bash
# Transcribes the utterances of a manifest with Debian's pocketsphinx and a grammar, to compare with: prints the manifest's lines
# with pred_text, which "millrace evaluate speech --transcripts" scores. Needs pocketsphinx, pocketsphinx-en-us, sox and jq.
# Usage: models/baseline/pocketsphinx.sh MANIFEST.jsonl GRAMMAR.gram > transcripts.jsonl
set -euo pipefail
manifest="$1"
grammar="$2"
folder="$(dirname "$manifest")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
model=/usr/share/pocketsphinx/model/en-us
n=0
while IFS= read -r line; do
  file="$folder/$(jq -r .audio_filepath <<<"$line")"
  sox -G "$file" -r 16000 -c 1 -b 16 -e signed-integer -t raw "$work/$n.raw"
  echo "$n" >>"$work/files"
  n=$((n + 1))
done <"$manifest"
pocketsphinx_batch -jsgf "$grammar" -hmm "$model/en-us" -dict "$model/cmudict-en-us.dict" -adcin yes -cepext .raw \
  -cepdir "$work" -ctl "$work/files" -hyp "$work/hyp" >"$work/log" 2>&1
# Lines of the result are the words and, in brackets, file and score; an utterance that nothing fits is empty.
paste -d '\t' "$manifest" "$work/hyp" | while IFS=$'\t' read -r line hypothesis; do
  jq -c --arg text "$(sed 's/ *([0-9]* *-\?[0-9]*)$//; s/([0-9]*)//g' <<<"$hypothesis")" '. + {pred_text: $text}' <<<"$line"
done
