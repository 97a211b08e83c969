# Completion of stt for bash. Made by `python docs/generate.py`; do not edit.
# Use: source this file from ~/.bashrc, or put it as `stt` into
# ~/.local/share/bash-completion/completions/

_stt_describe() {
    # Sets, for the command in $1: subs, flags, valued (flags that take a value).
    case "$1" in
        "")
            subs="recognize convert score compare tts voices batch status poll usage session-id webhooks history support doctor providers devices models languages init config auth emulate schema completion"
            flags="-V --version --color -h --help"
            valued="--color" ;;
        "recognize")
            subs=""
            flags="--from-stdin --manifest --mic --device --max-seconds --stop-after-silence --wake --raw-rate -l --language --model --detailed --words --speakers --max-speakers --channels --profanity --phrase --translate-to --mode --interim --no-interim --text-form --intents --intent-url --exec -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --param --transport --session-id --pace --no-replay --turns -j --jobs --together --fallback --dask -f --format --json -o --output --force --allow-empty --name-by --skip-existing --raw --dry-run --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --interpolate --caption-language -h --help"
            valued="--manifest --device --max-seconds --stop-after-silence --wake --raw-rate -l --language --model --max-speakers --profanity --phrase --translate-to --mode --text-form --intents --intent-url --exec -p --provider --endpoint --profile --timeout --log-file --param --transport --session-id --pace --turns -j --jobs --fallback --dask -f --format -o --output --name-by --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --caption-language" ;;
        "convert")
            subs=""
            flags="--text-form -f --format --json -o --output --force --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --interpolate --caption-language --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--text-form -f --format -o --output --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --caption-language --profile --log-file" ;;
        "score")
            subs=""
            flags="--normalize --alignment --no-alignment --fail-above --json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--normalize --fail-above --profile --log-file" ;;
        "compare")
            subs=""
            flags="-p --provider -l --language --reference --fail-above --timeout --json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider -l --language --reference --fail-above --timeout --profile --log-file" ;;
        "tts")
            subs=""
            flags="--ssml --voice --speaker -l --language --gender --rate --pitch --volume --contour --break --phoneme --audio-format -o --output --play --force --dry-run -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --param --json -h --help"
            valued="--ssml --voice --speaker -l --language --gender --rate --pitch --volume --contour --break --phoneme --audio-format -o --output -p --provider --endpoint --profile --timeout --log-file --param" ;;
        "voices")
            subs="list download remove verify path"
            flags="-h --help"
            valued="" ;;
        "voices list")
            subs=""
            flags="-l --language --gender -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="-l --language --gender -p --provider --endpoint --profile --timeout --log-file" ;;
        "voices download")
            subs=""
            flags="--timeout --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--timeout --profile --log-file" ;;
        "voices remove")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "voices verify")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "voices path")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "batch")
            subs="submit resume list results files delete update"
            flags="-h --help"
            valued="" ;;
        "batch submit")
            subs=""
            flags="--from-stdin --manifest --name -l --language --model --detailed --words --speakers --max-speakers --channels --profanity --phrase --translate-to -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --param --webhook-url --wait --dry-run --dask -j --jobs -f --format --json -o --output --raw --force --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --interpolate --caption-language -h --help"
            valued="--manifest --name -l --language --model --max-speakers --profanity --phrase --translate-to -p --provider --endpoint --profile --timeout --log-file --param --webhook-url --dask -j --jobs -f --format -o --output --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --caption-language" ;;
        "batch resume")
            subs=""
            flags="--again --forget --dry-run -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --dask -j --jobs --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file --dask -j --jobs" ;;
        "batch list")
            subs=""
            flags="--all --limit --state -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="--limit --state -p --provider --endpoint --profile --timeout --log-file" ;;
        "batch results")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -f --format --json -o --output --force --raw --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --interpolate --caption-language -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file -f --format -o --output --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --caption-language" ;;
        "batch files")
            subs=""
            flags="--unused --delete --yes --all --limit -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="--limit -p --provider --endpoint --profile --timeout --log-file" ;;
        "batch delete")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "batch update")
            subs=""
            flags="--name --param -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="--name --param -p --provider --endpoint --profile --timeout --log-file" ;;
        "status")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "poll")
            subs=""
            flags="--all --no-results -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --interval -j --jobs --webhook -f --format --json -o --output --force --skip-existing --raw --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --interpolate --caption-language -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file --interval -j --jobs --webhook -f --format -o --output --max-line-length --max-lines --max-cue-seconds --min-cue-seconds --cue-gap --caption-language" ;;
        "usage")
            subs=""
            flags="--since -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="--since -p --provider --endpoint --profile --timeout --log-file" ;;
        "session-id")
            subs=""
            flags="--new -F --follow --kind --candidates --last --json -q --quiet -h --help"
            valued="--kind" ;;
        "webhooks")
            subs="create list ping test delete"
            flags="-h --help"
            valued="" ;;
        "webhooks create")
            subs=""
            flags="--event --name -p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="--event --name -p --provider --endpoint --profile --timeout --log-file" ;;
        "webhooks list")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "webhooks ping")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "webhooks test")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "webhooks delete")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "history")
            subs=""
            flags="-p --provider --since --limit --json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="-p --provider --since --limit --profile --log-file" ;;
        "support")
            subs=""
            flags="--log --bundle --force --profile --json -h --help"
            valued="--log --bundle --profile" ;;
        "doctor")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file" ;;
        "providers")
            subs=""
            flags="--json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "devices")
            subs=""
            flags="--json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "models")
            subs="list download remove verify path"
            flags="-h --help"
            valued="" ;;
        "models list")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file -l --language --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file -l --language" ;;
        "models download")
            subs=""
            flags="--timeout --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--timeout --profile --log-file" ;;
        "models remove")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "models verify")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "models path")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "languages")
            subs=""
            flags="-p --provider --endpoint --insecure --profile --timeout -q --quiet -v --verbose --log-file --mode --json -h --help"
            valued="-p --provider --endpoint --profile --timeout --log-file --mode" ;;
        "init")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "config")
            subs="get set unset list path"
            flags="-h --help"
            valued="" ;;
        "config get")
            subs=""
            flags="--profile -h --help"
            valued="--profile" ;;
        "config set")
            subs=""
            flags="--profile -h --help"
            valued="--profile" ;;
        "config unset")
            subs=""
            flags="--profile -h --help"
            valued="--profile" ;;
        "config list")
            subs=""
            flags="--all --profile --json -h --help"
            valued="--profile" ;;
        "config path")
            subs=""
            flags="-h --help"
            valued="" ;;
        "auth")
            subs="set status remove"
            flags="-h --help"
            valued="" ;;
        "auth set")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "auth status")
            subs=""
            flags="--json --profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "auth remove")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "emulate")
            subs=""
            flags="--host --port --transcript --transcripts --intents --delay --fault --strict --key -h --help"
            valued="--host --port --transcript --transcripts --intents --delay --fault --key" ;;
        "schema")
            subs=""
            flags="--profile -q --quiet -v --verbose --log-file -h --help"
            valued="--profile --log-file" ;;
        "completion")
            subs=""
            flags="-h --help"
            valued="" ;;
    esac
}

_stt_values() {
    # Prints the values of option $2 of command $1; fails where they are not known.
    case "$1 $2" in
        " --color") echo "auto always never" ;;
        "recognize --device") echo ;;
        "recognize --max-seconds") echo ;;
        "recognize --stop-after-silence") echo ;;
        "recognize --wake") echo ;;
        "recognize --raw-rate") echo ;;
        "recognize -l" | "recognize --language") echo "auto ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "recognize --model") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3 pocketsphinx" ;;
        "recognize --max-speakers") echo ;;
        "recognize --profanity") echo "masked removed raw" ;;
        "recognize --phrase") echo ;;
        "recognize --translate-to") echo "ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "recognize --mode") echo "interactive conversation dictation" ;;
        "recognize --text-form") echo "display lexical itn masked-itn n-best" ;;
        "recognize --intent-url") echo ;;
        "recognize --exec") echo ;;
        "recognize -p" | "recognize --provider") echo "local azure bing watson soniox scriptix" ;;
        "recognize --endpoint") echo ;;
        "recognize --profile") echo ;;
        "recognize --timeout") echo ;;
        "recognize --param") echo ;;
        "recognize --transport") echo "auto rest websocket session fast" ;;
        "recognize --session-id") echo ;;
        "recognize --pace") echo "auto realtime fast" ;;
        "recognize --turns") echo ;;
        "recognize -j" | "recognize --jobs") echo ;;
        "recognize --fallback") echo "local" ;;
        "recognize --dask") echo "local" ;;
        "recognize -f" | "recognize --format") echo "text json jsonl srt vtt tsv csv md all" ;;
        "recognize --name-by") echo "stem file path" ;;
        "recognize --max-line-length") echo ;;
        "recognize --max-lines") echo ;;
        "recognize --max-cue-seconds") echo ;;
        "recognize --min-cue-seconds") echo ;;
        "recognize --cue-gap") echo ;;
        "recognize --caption-language") echo "original ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "convert --text-form") echo "display lexical itn masked-itn n-best" ;;
        "convert -f" | "convert --format") echo "text json jsonl srt vtt tsv csv md all" ;;
        "convert --max-line-length") echo ;;
        "convert --max-lines") echo ;;
        "convert --max-cue-seconds") echo ;;
        "convert --min-cue-seconds") echo ;;
        "convert --cue-gap") echo ;;
        "convert --caption-language") echo "original ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "convert --profile") echo ;;
        "score --normalize") echo "basic none" ;;
        "score --fail-above") echo ;;
        "score --profile") echo ;;
        "compare -p" | "compare --provider") echo "local azure bing watson soniox scriptix" ;;
        "compare -l" | "compare --language") echo "auto ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "compare --fail-above") echo ;;
        "compare --timeout") echo ;;
        "compare --profile") echo ;;
        "tts --voice") echo ;;
        "tts --speaker") echo ;;
        "tts -l" | "tts --language") echo "auto ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "tts --gender") echo "female male neutral" ;;
        "tts --rate") echo "x-slow slow medium fast x-fast" ;;
        "tts --pitch") echo "x-low low medium high x-high" ;;
        "tts --volume") echo "silent soft medium loud x-loud" ;;
        "tts --contour") echo ;;
        "tts --break") echo "weak medium strong x-strong" ;;
        "tts --phoneme") echo ;;
        "tts --audio-format") echo "wav raw flac ogg opus mp3" ;;
        "tts -p" | "tts --provider") echo "local azure bing watson soniox scriptix" ;;
        "tts --endpoint") echo ;;
        "tts --profile") echo ;;
        "tts --timeout") echo ;;
        "tts --param") echo ;;
        "voices list -l" | "voices list --language") echo "ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "voices list --gender") echo "female male neutral" ;;
        "voices list -p" | "voices list --provider") echo "local azure bing watson soniox scriptix" ;;
        "voices list --endpoint") echo ;;
        "voices list --profile") echo ;;
        "voices list --timeout") echo ;;
        "voices download --timeout") echo ;;
        "voices download --profile") echo ;;
        "voices download ") echo "ar_JO-kareem-low ar_JO-kareem-medium bg_BG-dimitar-medium bn_BD-google-medium ca_ES-upc_ona-medium ca_ES-upc_ona-x_low ca_ES-upc_pau-x_low cs_CZ-jirka-low cs_CZ-jirka-medium cs_CZ-kasandra-medium cy_GB-bu_tts-medium cy_GB-gwryw_gogleddol-medium da_DK-talesyntese-medium de_DE-eva_k-x_low de_DE-karlsson-low de_DE-kerstin-low de_DE-mls-medium de_DE-pavoque-low de_DE-ramona-low de_DE-thorsten-high de_DE-thorsten-low de_DE-thorsten-medium de_DE-thorsten_emotional-medium el_GR-joy-medium el_GR-rapunzelina-low el_GR-rapunzelina-medium en_GB-alan-low en_GB-alan-medium en_GB-alba-medium en_GB-aru-medium en_GB-cori-high en_GB-cori-medium en_GB-jenny_dioco-medium en_GB-northern_english_male-medium en_GB-semaine-medium en_GB-southern_english_female-low en_GB-vctk-medium en_US-amy-low en_US-amy-medium en_US-arctic-medium en_US-bryce-medium en_US-danny-low en_US-hfc_female-medium en_US-hfc_male-medium en_US-joe-medium en_US-john-medium en_US-kathleen-low en_US-kristin-medium en_US-kusal-medium en_US-l2arctic-medium en_US-lessac-high en_US-lessac-low en_US-lessac-medium en_US-libritts-high en_US-libritts_r-medium en_US-ljspeech-high en_US-ljspeech-medium en_US-mike-medium en_US-norman-medium en_US-reza_ibrahim-medium en_US-ryan-high en_US-ryan-low en_US-ryan-medium en_US-sam-medium es_AR-daniela-high es_ES-carlfm-x_low es_ES-davefx-medium es_ES-mls_10246-low es_ES-mls_9972-low es_ES-sharvard-medium es_MX-ald-medium es_MX-ald-x_low es_MX-claude-high et_EE-news-medium eu_ES-antton-medium eu_ES-maider-medium fa_IR-amir-medium fa_IR-ganji-medium fa_IR-ganji_adabi-medium fa_IR-gyro-medium fa_IR-reza_ibrahim-medium fi_FI-harri-low fi_FI-harri-medium fr_FR-gilles-low fr_FR-mls-medium fr_FR-mls_1840-low fr_FR-siwis-low fr_FR-siwis-medium fr_FR-tom-medium fr_FR-upmc-medium he_IL-saspeech-medium hi_IN-pratham-medium hi_IN-priyamvada-medium hi_IN-rohan-medium hu_HU-anna-medium hu_HU-berta-medium hu_HU-imre-medium hy_AM-gor-medium id_ID-news_tts-medium is_IS-bui-medium is_IS-salka-medium is_IS-steinn-medium is_IS-ugla-medium it_IT-paola-medium it_IT-riccardo-x_low it_IT-serena-high it_IT-serena-medium ja_JA-hi_fi_captain-medium ka_GE-natia-medium kk_KZ-iseke-x_low kk_KZ-issai-high kk_KZ-raya-x_low ko_KR-kss-medium ku_TR-berfin_renas-medium lb_LU-marylux-medium lv_LV-aivars-medium ml_IN-arjun-medium ml_IN-meera-medium mr_IN-google-medium ne_NP-chitwan-medium ne_NP-google-medium ne_NP-google-x_low nl_BE-nathalie-medium nl_BE-nathalie-x_low nl_BE-rdh-medium nl_BE-rdh-x_low nl_NL-alex-medium nl_NL-mls-medium nl_NL-mls_5809-low nl_NL-mls_7432-low nl_NL-pim-medium nl_NL-ronnie-medium no_NO-nvcc-medium no_NO-talesyntese-medium pl_PL-bass-high pl_PL-darkman-medium pl_PL-gosia-medium pl_PL-mc_speech-medium pl_PL-mls_6892-low pt_BR-cadu-medium pt_BR-edresson-low pt_BR-faber-medium pt_BR-jeff-medium pt_PT-tugão-medium ro_RO-mihai-medium ru_RU-denis-medium ru_RU-dmitri-medium ru_RU-irina-medium ru_RU-ruslan-medium sk_SK-lili-medium sl_SI-artur-medium sq_AL-edon-medium sr_RS-serbski_institut-medium sv_SE-alma-medium sv_SE-lisa-medium sv_SE-nst-medium sw_CD-lanfrica-medium te_IN-maya-medium te_IN-padmavathi-medium te_IN-venkatesh-medium th_TH-tsync2-medium tr_TR-dfki-medium uk_UA-lada-x_low uk_UA-mykyta-high uk_UA-oleksa-high uk_UA-tetiana-high uk_UA-ukrainian_tts-medium ur_PK-aegis_female-medium ur_PK-fasih-medium vi_VN-25hours_single-low vi_VN-vais1000-medium vi_VN-vivos-x_low zh_CN-chaowen-medium zh_CN-huayan-medium zh_CN-huayan-x_low zh_CN-xiao_ya-medium" ;;
        "voices remove --profile") echo ;;
        "voices remove ") echo "ar_JO-kareem-low ar_JO-kareem-medium bg_BG-dimitar-medium bn_BD-google-medium ca_ES-upc_ona-medium ca_ES-upc_ona-x_low ca_ES-upc_pau-x_low cs_CZ-jirka-low cs_CZ-jirka-medium cs_CZ-kasandra-medium cy_GB-bu_tts-medium cy_GB-gwryw_gogleddol-medium da_DK-talesyntese-medium de_DE-eva_k-x_low de_DE-karlsson-low de_DE-kerstin-low de_DE-mls-medium de_DE-pavoque-low de_DE-ramona-low de_DE-thorsten-high de_DE-thorsten-low de_DE-thorsten-medium de_DE-thorsten_emotional-medium el_GR-joy-medium el_GR-rapunzelina-low el_GR-rapunzelina-medium en_GB-alan-low en_GB-alan-medium en_GB-alba-medium en_GB-aru-medium en_GB-cori-high en_GB-cori-medium en_GB-jenny_dioco-medium en_GB-northern_english_male-medium en_GB-semaine-medium en_GB-southern_english_female-low en_GB-vctk-medium en_US-amy-low en_US-amy-medium en_US-arctic-medium en_US-bryce-medium en_US-danny-low en_US-hfc_female-medium en_US-hfc_male-medium en_US-joe-medium en_US-john-medium en_US-kathleen-low en_US-kristin-medium en_US-kusal-medium en_US-l2arctic-medium en_US-lessac-high en_US-lessac-low en_US-lessac-medium en_US-libritts-high en_US-libritts_r-medium en_US-ljspeech-high en_US-ljspeech-medium en_US-mike-medium en_US-norman-medium en_US-reza_ibrahim-medium en_US-ryan-high en_US-ryan-low en_US-ryan-medium en_US-sam-medium es_AR-daniela-high es_ES-carlfm-x_low es_ES-davefx-medium es_ES-mls_10246-low es_ES-mls_9972-low es_ES-sharvard-medium es_MX-ald-medium es_MX-ald-x_low es_MX-claude-high et_EE-news-medium eu_ES-antton-medium eu_ES-maider-medium fa_IR-amir-medium fa_IR-ganji-medium fa_IR-ganji_adabi-medium fa_IR-gyro-medium fa_IR-reza_ibrahim-medium fi_FI-harri-low fi_FI-harri-medium fr_FR-gilles-low fr_FR-mls-medium fr_FR-mls_1840-low fr_FR-siwis-low fr_FR-siwis-medium fr_FR-tom-medium fr_FR-upmc-medium he_IL-saspeech-medium hi_IN-pratham-medium hi_IN-priyamvada-medium hi_IN-rohan-medium hu_HU-anna-medium hu_HU-berta-medium hu_HU-imre-medium hy_AM-gor-medium id_ID-news_tts-medium is_IS-bui-medium is_IS-salka-medium is_IS-steinn-medium is_IS-ugla-medium it_IT-paola-medium it_IT-riccardo-x_low it_IT-serena-high it_IT-serena-medium ja_JA-hi_fi_captain-medium ka_GE-natia-medium kk_KZ-iseke-x_low kk_KZ-issai-high kk_KZ-raya-x_low ko_KR-kss-medium ku_TR-berfin_renas-medium lb_LU-marylux-medium lv_LV-aivars-medium ml_IN-arjun-medium ml_IN-meera-medium mr_IN-google-medium ne_NP-chitwan-medium ne_NP-google-medium ne_NP-google-x_low nl_BE-nathalie-medium nl_BE-nathalie-x_low nl_BE-rdh-medium nl_BE-rdh-x_low nl_NL-alex-medium nl_NL-mls-medium nl_NL-mls_5809-low nl_NL-mls_7432-low nl_NL-pim-medium nl_NL-ronnie-medium no_NO-nvcc-medium no_NO-talesyntese-medium pl_PL-bass-high pl_PL-darkman-medium pl_PL-gosia-medium pl_PL-mc_speech-medium pl_PL-mls_6892-low pt_BR-cadu-medium pt_BR-edresson-low pt_BR-faber-medium pt_BR-jeff-medium pt_PT-tugão-medium ro_RO-mihai-medium ru_RU-denis-medium ru_RU-dmitri-medium ru_RU-irina-medium ru_RU-ruslan-medium sk_SK-lili-medium sl_SI-artur-medium sq_AL-edon-medium sr_RS-serbski_institut-medium sv_SE-alma-medium sv_SE-lisa-medium sv_SE-nst-medium sw_CD-lanfrica-medium te_IN-maya-medium te_IN-padmavathi-medium te_IN-venkatesh-medium th_TH-tsync2-medium tr_TR-dfki-medium uk_UA-lada-x_low uk_UA-mykyta-high uk_UA-oleksa-high uk_UA-tetiana-high uk_UA-ukrainian_tts-medium ur_PK-aegis_female-medium ur_PK-fasih-medium vi_VN-25hours_single-low vi_VN-vais1000-medium vi_VN-vivos-x_low zh_CN-chaowen-medium zh_CN-huayan-medium zh_CN-huayan-x_low zh_CN-xiao_ya-medium" ;;
        "voices verify --profile") echo ;;
        "voices verify ") echo "ar_JO-kareem-low ar_JO-kareem-medium bg_BG-dimitar-medium bn_BD-google-medium ca_ES-upc_ona-medium ca_ES-upc_ona-x_low ca_ES-upc_pau-x_low cs_CZ-jirka-low cs_CZ-jirka-medium cs_CZ-kasandra-medium cy_GB-bu_tts-medium cy_GB-gwryw_gogleddol-medium da_DK-talesyntese-medium de_DE-eva_k-x_low de_DE-karlsson-low de_DE-kerstin-low de_DE-mls-medium de_DE-pavoque-low de_DE-ramona-low de_DE-thorsten-high de_DE-thorsten-low de_DE-thorsten-medium de_DE-thorsten_emotional-medium el_GR-joy-medium el_GR-rapunzelina-low el_GR-rapunzelina-medium en_GB-alan-low en_GB-alan-medium en_GB-alba-medium en_GB-aru-medium en_GB-cori-high en_GB-cori-medium en_GB-jenny_dioco-medium en_GB-northern_english_male-medium en_GB-semaine-medium en_GB-southern_english_female-low en_GB-vctk-medium en_US-amy-low en_US-amy-medium en_US-arctic-medium en_US-bryce-medium en_US-danny-low en_US-hfc_female-medium en_US-hfc_male-medium en_US-joe-medium en_US-john-medium en_US-kathleen-low en_US-kristin-medium en_US-kusal-medium en_US-l2arctic-medium en_US-lessac-high en_US-lessac-low en_US-lessac-medium en_US-libritts-high en_US-libritts_r-medium en_US-ljspeech-high en_US-ljspeech-medium en_US-mike-medium en_US-norman-medium en_US-reza_ibrahim-medium en_US-ryan-high en_US-ryan-low en_US-ryan-medium en_US-sam-medium es_AR-daniela-high es_ES-carlfm-x_low es_ES-davefx-medium es_ES-mls_10246-low es_ES-mls_9972-low es_ES-sharvard-medium es_MX-ald-medium es_MX-ald-x_low es_MX-claude-high et_EE-news-medium eu_ES-antton-medium eu_ES-maider-medium fa_IR-amir-medium fa_IR-ganji-medium fa_IR-ganji_adabi-medium fa_IR-gyro-medium fa_IR-reza_ibrahim-medium fi_FI-harri-low fi_FI-harri-medium fr_FR-gilles-low fr_FR-mls-medium fr_FR-mls_1840-low fr_FR-siwis-low fr_FR-siwis-medium fr_FR-tom-medium fr_FR-upmc-medium he_IL-saspeech-medium hi_IN-pratham-medium hi_IN-priyamvada-medium hi_IN-rohan-medium hu_HU-anna-medium hu_HU-berta-medium hu_HU-imre-medium hy_AM-gor-medium id_ID-news_tts-medium is_IS-bui-medium is_IS-salka-medium is_IS-steinn-medium is_IS-ugla-medium it_IT-paola-medium it_IT-riccardo-x_low it_IT-serena-high it_IT-serena-medium ja_JA-hi_fi_captain-medium ka_GE-natia-medium kk_KZ-iseke-x_low kk_KZ-issai-high kk_KZ-raya-x_low ko_KR-kss-medium ku_TR-berfin_renas-medium lb_LU-marylux-medium lv_LV-aivars-medium ml_IN-arjun-medium ml_IN-meera-medium mr_IN-google-medium ne_NP-chitwan-medium ne_NP-google-medium ne_NP-google-x_low nl_BE-nathalie-medium nl_BE-nathalie-x_low nl_BE-rdh-medium nl_BE-rdh-x_low nl_NL-alex-medium nl_NL-mls-medium nl_NL-mls_5809-low nl_NL-mls_7432-low nl_NL-pim-medium nl_NL-ronnie-medium no_NO-nvcc-medium no_NO-talesyntese-medium pl_PL-bass-high pl_PL-darkman-medium pl_PL-gosia-medium pl_PL-mc_speech-medium pl_PL-mls_6892-low pt_BR-cadu-medium pt_BR-edresson-low pt_BR-faber-medium pt_BR-jeff-medium pt_PT-tugão-medium ro_RO-mihai-medium ru_RU-denis-medium ru_RU-dmitri-medium ru_RU-irina-medium ru_RU-ruslan-medium sk_SK-lili-medium sl_SI-artur-medium sq_AL-edon-medium sr_RS-serbski_institut-medium sv_SE-alma-medium sv_SE-lisa-medium sv_SE-nst-medium sw_CD-lanfrica-medium te_IN-maya-medium te_IN-padmavathi-medium te_IN-venkatesh-medium th_TH-tsync2-medium tr_TR-dfki-medium uk_UA-lada-x_low uk_UA-mykyta-high uk_UA-oleksa-high uk_UA-tetiana-high uk_UA-ukrainian_tts-medium ur_PK-aegis_female-medium ur_PK-fasih-medium vi_VN-25hours_single-low vi_VN-vais1000-medium vi_VN-vivos-x_low zh_CN-chaowen-medium zh_CN-huayan-medium zh_CN-huayan-x_low zh_CN-xiao_ya-medium" ;;
        "voices path --profile") echo ;;
        "voices path ") echo "ar_JO-kareem-low ar_JO-kareem-medium bg_BG-dimitar-medium bn_BD-google-medium ca_ES-upc_ona-medium ca_ES-upc_ona-x_low ca_ES-upc_pau-x_low cs_CZ-jirka-low cs_CZ-jirka-medium cs_CZ-kasandra-medium cy_GB-bu_tts-medium cy_GB-gwryw_gogleddol-medium da_DK-talesyntese-medium de_DE-eva_k-x_low de_DE-karlsson-low de_DE-kerstin-low de_DE-mls-medium de_DE-pavoque-low de_DE-ramona-low de_DE-thorsten-high de_DE-thorsten-low de_DE-thorsten-medium de_DE-thorsten_emotional-medium el_GR-joy-medium el_GR-rapunzelina-low el_GR-rapunzelina-medium en_GB-alan-low en_GB-alan-medium en_GB-alba-medium en_GB-aru-medium en_GB-cori-high en_GB-cori-medium en_GB-jenny_dioco-medium en_GB-northern_english_male-medium en_GB-semaine-medium en_GB-southern_english_female-low en_GB-vctk-medium en_US-amy-low en_US-amy-medium en_US-arctic-medium en_US-bryce-medium en_US-danny-low en_US-hfc_female-medium en_US-hfc_male-medium en_US-joe-medium en_US-john-medium en_US-kathleen-low en_US-kristin-medium en_US-kusal-medium en_US-l2arctic-medium en_US-lessac-high en_US-lessac-low en_US-lessac-medium en_US-libritts-high en_US-libritts_r-medium en_US-ljspeech-high en_US-ljspeech-medium en_US-mike-medium en_US-norman-medium en_US-reza_ibrahim-medium en_US-ryan-high en_US-ryan-low en_US-ryan-medium en_US-sam-medium es_AR-daniela-high es_ES-carlfm-x_low es_ES-davefx-medium es_ES-mls_10246-low es_ES-mls_9972-low es_ES-sharvard-medium es_MX-ald-medium es_MX-ald-x_low es_MX-claude-high et_EE-news-medium eu_ES-antton-medium eu_ES-maider-medium fa_IR-amir-medium fa_IR-ganji-medium fa_IR-ganji_adabi-medium fa_IR-gyro-medium fa_IR-reza_ibrahim-medium fi_FI-harri-low fi_FI-harri-medium fr_FR-gilles-low fr_FR-mls-medium fr_FR-mls_1840-low fr_FR-siwis-low fr_FR-siwis-medium fr_FR-tom-medium fr_FR-upmc-medium he_IL-saspeech-medium hi_IN-pratham-medium hi_IN-priyamvada-medium hi_IN-rohan-medium hu_HU-anna-medium hu_HU-berta-medium hu_HU-imre-medium hy_AM-gor-medium id_ID-news_tts-medium is_IS-bui-medium is_IS-salka-medium is_IS-steinn-medium is_IS-ugla-medium it_IT-paola-medium it_IT-riccardo-x_low it_IT-serena-high it_IT-serena-medium ja_JA-hi_fi_captain-medium ka_GE-natia-medium kk_KZ-iseke-x_low kk_KZ-issai-high kk_KZ-raya-x_low ko_KR-kss-medium ku_TR-berfin_renas-medium lb_LU-marylux-medium lv_LV-aivars-medium ml_IN-arjun-medium ml_IN-meera-medium mr_IN-google-medium ne_NP-chitwan-medium ne_NP-google-medium ne_NP-google-x_low nl_BE-nathalie-medium nl_BE-nathalie-x_low nl_BE-rdh-medium nl_BE-rdh-x_low nl_NL-alex-medium nl_NL-mls-medium nl_NL-mls_5809-low nl_NL-mls_7432-low nl_NL-pim-medium nl_NL-ronnie-medium no_NO-nvcc-medium no_NO-talesyntese-medium pl_PL-bass-high pl_PL-darkman-medium pl_PL-gosia-medium pl_PL-mc_speech-medium pl_PL-mls_6892-low pt_BR-cadu-medium pt_BR-edresson-low pt_BR-faber-medium pt_BR-jeff-medium pt_PT-tugão-medium ro_RO-mihai-medium ru_RU-denis-medium ru_RU-dmitri-medium ru_RU-irina-medium ru_RU-ruslan-medium sk_SK-lili-medium sl_SI-artur-medium sq_AL-edon-medium sr_RS-serbski_institut-medium sv_SE-alma-medium sv_SE-lisa-medium sv_SE-nst-medium sw_CD-lanfrica-medium te_IN-maya-medium te_IN-padmavathi-medium te_IN-venkatesh-medium th_TH-tsync2-medium tr_TR-dfki-medium uk_UA-lada-x_low uk_UA-mykyta-high uk_UA-oleksa-high uk_UA-tetiana-high uk_UA-ukrainian_tts-medium ur_PK-aegis_female-medium ur_PK-fasih-medium vi_VN-25hours_single-low vi_VN-vais1000-medium vi_VN-vivos-x_low zh_CN-chaowen-medium zh_CN-huayan-medium zh_CN-huayan-x_low zh_CN-xiao_ya-medium" ;;
        "batch submit --name") echo ;;
        "batch submit -l" | "batch submit --language") echo "auto ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "batch submit --model") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3 pocketsphinx" ;;
        "batch submit --max-speakers") echo ;;
        "batch submit --profanity") echo "masked removed raw" ;;
        "batch submit --phrase") echo ;;
        "batch submit --translate-to") echo "ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "batch submit -p" | "batch submit --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch submit --endpoint") echo ;;
        "batch submit --profile") echo ;;
        "batch submit --timeout") echo ;;
        "batch submit --param") echo ;;
        "batch submit --webhook-url") echo ;;
        "batch submit --dask") echo "local" ;;
        "batch submit -j" | "batch submit --jobs") echo ;;
        "batch submit -f" | "batch submit --format") echo "text json jsonl srt vtt tsv csv md all" ;;
        "batch submit --max-line-length") echo ;;
        "batch submit --max-lines") echo ;;
        "batch submit --max-cue-seconds") echo ;;
        "batch submit --min-cue-seconds") echo ;;
        "batch submit --cue-gap") echo ;;
        "batch submit --caption-language") echo "original ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "batch resume -p" | "batch resume --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch resume --endpoint") echo ;;
        "batch resume --profile") echo ;;
        "batch resume --timeout") echo ;;
        "batch resume --dask") echo "local" ;;
        "batch resume -j" | "batch resume --jobs") echo ;;
        "batch list --limit") echo ;;
        "batch list --state") echo "queued running succeeded failed unknown" ;;
        "batch list -p" | "batch list --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch list --endpoint") echo ;;
        "batch list --profile") echo ;;
        "batch list --timeout") echo ;;
        "batch results -p" | "batch results --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch results --endpoint") echo ;;
        "batch results --profile") echo ;;
        "batch results --timeout") echo ;;
        "batch results -f" | "batch results --format") echo "text json jsonl srt vtt tsv csv md all" ;;
        "batch results --max-line-length") echo ;;
        "batch results --max-lines") echo ;;
        "batch results --max-cue-seconds") echo ;;
        "batch results --min-cue-seconds") echo ;;
        "batch results --cue-gap") echo ;;
        "batch results --caption-language") echo "original ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "batch files --limit") echo ;;
        "batch files -p" | "batch files --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch files --endpoint") echo ;;
        "batch files --profile") echo ;;
        "batch files --timeout") echo ;;
        "batch delete -p" | "batch delete --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch delete --endpoint") echo ;;
        "batch delete --profile") echo ;;
        "batch delete --timeout") echo ;;
        "batch update --name") echo ;;
        "batch update --param") echo ;;
        "batch update -p" | "batch update --provider") echo "local azure bing watson soniox scriptix" ;;
        "batch update --endpoint") echo ;;
        "batch update --profile") echo ;;
        "batch update --timeout") echo ;;
        "status -p" | "status --provider") echo "local azure bing watson soniox scriptix" ;;
        "status --endpoint") echo ;;
        "status --profile") echo ;;
        "status --timeout") echo ;;
        "poll -p" | "poll --provider") echo "local azure bing watson soniox scriptix" ;;
        "poll --endpoint") echo ;;
        "poll --profile") echo ;;
        "poll --timeout") echo ;;
        "poll --interval") echo "auto" ;;
        "poll -j" | "poll --jobs") echo ;;
        "poll --webhook") echo ;;
        "poll -f" | "poll --format") echo "text json jsonl srt vtt tsv csv md all" ;;
        "poll --max-line-length") echo ;;
        "poll --max-lines") echo ;;
        "poll --max-cue-seconds") echo ;;
        "poll --min-cue-seconds") echo ;;
        "poll --cue-gap") echo ;;
        "poll --caption-language") echo "original ar ca da de en es fi fr hi it ja ko nb nl pl pt ru sv zh" ;;
        "usage --since") echo "today yesterday 7d 30d" ;;
        "usage -p" | "usage --provider") echo "local azure bing watson soniox scriptix" ;;
        "usage --endpoint") echo ;;
        "usage --profile") echo ;;
        "usage --timeout") echo ;;
        "session-id --kind") echo "session transcription job dashed_session connection request result service_tag dataset model endpoint project evaluation webhook invocation transaction file client_reference document operation conversation call stream recording trace correlation ray run all" ;;
        "webhooks create --event") echo "transcriptionCreation transcriptionProcessing transcriptionCompletion transcriptionDeletion" ;;
        "webhooks create --name") echo ;;
        "webhooks create -p" | "webhooks create --provider") echo "local azure bing watson soniox scriptix" ;;
        "webhooks create --endpoint") echo ;;
        "webhooks create --profile") echo ;;
        "webhooks create --timeout") echo ;;
        "webhooks list -p" | "webhooks list --provider") echo "local azure bing watson soniox scriptix" ;;
        "webhooks list --endpoint") echo ;;
        "webhooks list --profile") echo ;;
        "webhooks list --timeout") echo ;;
        "webhooks ping -p" | "webhooks ping --provider") echo "local azure bing watson soniox scriptix" ;;
        "webhooks ping --endpoint") echo ;;
        "webhooks ping --profile") echo ;;
        "webhooks ping --timeout") echo ;;
        "webhooks test -p" | "webhooks test --provider") echo "local azure bing watson soniox scriptix" ;;
        "webhooks test --endpoint") echo ;;
        "webhooks test --profile") echo ;;
        "webhooks test --timeout") echo ;;
        "webhooks delete -p" | "webhooks delete --provider") echo "local azure bing watson soniox scriptix" ;;
        "webhooks delete --endpoint") echo ;;
        "webhooks delete --profile") echo ;;
        "webhooks delete --timeout") echo ;;
        "history -p" | "history --provider") echo "local azure bing watson soniox scriptix" ;;
        "history --since") echo "today yesterday" ;;
        "history --limit") echo ;;
        "history --profile") echo ;;
        "support --profile") echo ;;
        "doctor -p" | "doctor --provider") echo "local azure bing watson soniox scriptix" ;;
        "doctor --endpoint") echo ;;
        "doctor --profile") echo ;;
        "doctor --timeout") echo ;;
        "providers --profile") echo ;;
        "devices --profile") echo ;;
        "models list -p" | "models list --provider") echo "local azure bing watson soniox scriptix" ;;
        "models list --endpoint") echo ;;
        "models list --profile") echo ;;
        "models list --timeout") echo ;;
        "models list -l" | "models list --language") echo "ar-EG ca-ES da-DK de-DE en-AU en-CA en-GB en-IN en-NZ en-US es-ES es-MX fi-FI fr-CA fr-FR hi-IN it-IT ja-JP ko-KR nb-NO nl-NL pl-PL pt-BR pt-PT ru-RU sv-SE zh-CN zh-HK zh-TW" ;;
        "models list ") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3 pocketsphinx" ;;
        "models download --timeout") echo ;;
        "models download --profile") echo ;;
        "models download ") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3" ;;
        "models remove --profile") echo ;;
        "models remove ") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3" ;;
        "models verify --profile") echo ;;
        "models verify ") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3" ;;
        "models path --profile") echo ;;
        "models path ") echo "tiny.en tiny base.en base distil-small.en small.en small medium.en medium distil-large-v3.5 large-v3-turbo large-v3" ;;
        "languages -p" | "languages --provider") echo "local azure bing watson soniox scriptix" ;;
        "languages --endpoint") echo ;;
        "languages --profile") echo ;;
        "languages --timeout") echo ;;
        "languages --mode") echo "interactive conversation dictation" ;;
        "init --profile") echo ;;
        "config get --profile") echo ;;
        "config get ") echo "provider language mode format device ledger azure.key azure.region azure.token azure.auth azure.api_version azure.webhook_secret azure.endpoint bing.key bing.token bing.endpoint watson.apikey watson.username watson.password watson.bearer_token watson.url watson.iam_url watson.tts_apikey watson.tts_username watson.tts_password watson.tts_bearer_token watson.tts_url watson.webhook_secret watson.endpoint soniox.key soniox.region soniox.webhook_header soniox.webhook_secret soniox.endpoint scriptix.token scriptix.realtime_token scriptix.auth scriptix.webhook_secret scriptix.endpoint" ;;
        "config set --profile") echo ;;
        "config set ") echo "provider language mode format device ledger azure.key azure.region azure.token azure.auth azure.api_version azure.webhook_secret azure.endpoint bing.key bing.token bing.endpoint watson.apikey watson.username watson.password watson.bearer_token watson.url watson.iam_url watson.tts_apikey watson.tts_username watson.tts_password watson.tts_bearer_token watson.tts_url watson.webhook_secret watson.endpoint soniox.key soniox.region soniox.webhook_header soniox.webhook_secret soniox.endpoint scriptix.token scriptix.realtime_token scriptix.auth scriptix.webhook_secret scriptix.endpoint" ;;
        "config unset --profile") echo ;;
        "config unset ") echo "provider language mode format device ledger azure.key azure.region azure.token azure.auth azure.api_version azure.webhook_secret azure.endpoint bing.key bing.token bing.endpoint watson.apikey watson.username watson.password watson.bearer_token watson.url watson.iam_url watson.tts_apikey watson.tts_username watson.tts_password watson.tts_bearer_token watson.tts_url watson.webhook_secret watson.endpoint soniox.key soniox.region soniox.webhook_header soniox.webhook_secret soniox.endpoint scriptix.token scriptix.realtime_token scriptix.auth scriptix.webhook_secret scriptix.endpoint" ;;
        "config list --profile") echo ;;
        "auth set --profile") echo ;;
        "auth set ") echo "local azure bing watson soniox scriptix" ;;
        "auth set ") echo "key token webhook_secret apikey password bearer_token tts_apikey tts_password tts_bearer_token realtime_token" ;;
        "auth status --profile") echo ;;
        "auth status ") echo "local azure bing watson soniox scriptix" ;;
        "auth remove --profile") echo ;;
        "auth remove ") echo "local azure bing watson soniox scriptix" ;;
        "auth remove ") echo "key token webhook_secret apikey password bearer_token tts_apikey tts_password tts_bearer_token realtime_token" ;;
        "emulate --host") echo ;;
        "emulate --port") echo ;;
        "emulate --transcript") echo ;;
        "emulate --delay") echo ;;
        "emulate --fault") echo "drop-after status rate-limit close slow silent garbage truncated no-turn-start no-turn-end no-end-detected no-hypotheses expire-token redirect expire-session cut-observe fail-job new-state lose-answer chaos older-models storage-full idle-timeout" ;;
        "emulate --key") echo ;;
        "emulate ") echo "azure bing watson soniox scriptix intent" ;;
        "schema --profile") echo ;;
        "schema ") echo "check comparison credential device event file id job language model operation provider request score setting speech transcript usage voice" ;;
        "completion ") echo "bash zsh fish powershell" ;;
        *) return 1 ;;
    esac
}

_stt() {
    local current previous command="" word index expects="" subs flags valued
    local words=("${COMP_WORDS[@]}")
    current="${words[COMP_CWORD]}"
    COMPREPLY=()
    _stt_describe ""
    for ((index = 1; index < COMP_CWORD; index++)); do
        word="${words[index]}"
        if [[ "$word" == "=" ]]; then continue; fi
        if [[ -n "$expects" ]]; then expects=""; continue; fi
        if [[ "$word" == -* ]]; then
            [[ " $valued " == *" $word "* ]] && expects="$word"
            continue
        fi
        case "${command:+$command }$word" in
            "recognize" | "convert" | "score" | "compare" | "tts" | "voices" | "voices list" | "voices download" | "voices remove" | "voices verify" | "voices path" | "batch" | "batch submit" | "batch resume" | "batch list" | "batch results" | "batch files" | "batch delete" | "batch update" | "status" | "poll" | "usage" | "session-id" | "webhooks" | "webhooks create" | "webhooks list" | "webhooks ping" | "webhooks test" | "webhooks delete" | "history" | "support" | "doctor" | "providers" | "devices" | "models" | "models list" | "models download" | "models remove" | "models verify" | "models path" | "languages" | "init" | "config" | "config get" | "config set" | "config unset" | "config list" | "config path" | "auth" | "auth set" | "auth status" | "auth remove" | "emulate" | "schema" | "completion")
                command="${command:+$command }$word"
                _stt_describe "$command"
                ;;
        esac
    done
    [[ "$current" == "=" ]] && current=""
    if [[ -n "$expects" ]]; then
        local values
        if values="$(_stt_values "$command" "$expects")"; then
            COMPREPLY=($(compgen -W "$values" -- "$current"))
        else
            _stt_files "$current"
        fi
    elif [[ "$current" == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$current"))
    elif [[ -n "$subs" ]]; then
        COMPREPLY=($(compgen -W "$subs" -- "$current"))
    else
        local values
        if values="$(_stt_values "$command" "")"; then
            COMPREPLY=($(compgen -W "$values" -- "$current"))
        else
            _stt_files "$current"
        fi
    fi
}

_stt_files() {
    local line
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done \
        < <(compgen -f -- "$1")
}

complete -F _stt stt
