# Completion of stt for PowerShell. Made by `python docs/generate.py`; do not edit.
# Use: add `. path\to\stt.ps1` to the file that $PROFILE names.

$script:SttCommands = @{
    '' = @{
        Commands = @('recognize', 'convert', 'score', 'compare', 'tts', 'voices', 'batch', 'status', 'poll', 'usage', 'session-id', 'webhooks', 'history', 'support', 'doctor', 'providers', 'devices', 'models', 'languages', 'init', 'config', 'auth', 'emulate', 'schema', 'completion')
        Flags = @('-V', '--version', '--color', '-h', '--help')
        Values = @{
            '--color' = @('auto', 'always', 'never')
        }
    }
    'recognize' = @{
        Commands = @()
        Flags = @('--from-stdin', '--manifest', '--mic', '--device', '--max-seconds', '--stop-after-silence', '--wake', '--raw-rate', '-l', '--language', '--model', '--detailed', '--words', '--speakers', '--max-speakers', '--channels', '--profanity', '--phrase', '--translate-to', '--mode', '--interim', '--no-interim', '--text-form', '--intents', '--intent-url', '--exec', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--transport', '--session-id', '--pace', '--no-replay', '--turns', '-j', '--jobs', '--together', '--fallback', '--dask', '-f', '--format', '--json', '-o', '--output', '--force', '--allow-empty', '--name-by', '--skip-existing', '--raw', '--dry-run', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--interpolate', '--caption-language', '-h', '--help')
        Values = @{
            '--manifest' = @()
            '--device' = @()
            '--max-seconds' = @()
            '--stop-after-silence' = @()
            '--wake' = @()
            '--raw-rate' = @()
            '-l' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--model' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3', 'pocketsphinx')
            '--max-speakers' = @()
            '--profanity' = @('masked', 'removed', 'raw')
            '--phrase' = @()
            '--translate-to' = @('ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
            '--mode' = @('interactive', 'conversation', 'dictation')
            '--text-form' = @('display', 'lexical', 'itn', 'masked-itn', 'n-best')
            '--intents' = @()
            '--intent-url' = @()
            '--exec' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--param' = @()
            '--transport' = @('auto', 'rest', 'websocket', 'session', 'fast')
            '--session-id' = @()
            '--pace' = @('auto', 'realtime', 'fast')
            '--turns' = @()
            '-j' = @()
            '--jobs' = @()
            '--fallback' = @('local')
            '--dask' = @('local')
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--name-by' = @('stem', 'file', 'path')
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--caption-language' = @('original', 'ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
        }
    }
    'convert' = @{
        Commands = @()
        Flags = @('--text-form', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--interpolate', '--caption-language', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--text-form' = @('display', 'lexical', 'itn', 'masked-itn', 'n-best')
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--caption-language' = @('original', 'ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'score' = @{
        Commands = @()
        Flags = @('--normalize', '--alignment', '--no-alignment', '--fail-above', '--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--normalize' = @('basic', 'none')
            '--fail-above' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'compare' = @{
        Commands = @()
        Flags = @('-p', '--provider', '-l', '--language', '--reference', '--fail-above', '--timeout', '--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '-l' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--reference' = @()
            '--fail-above' = @()
            '--timeout' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'tts' = @{
        Commands = @()
        Flags = @('--ssml', '--voice', '--speaker', '-l', '--language', '--gender', '--rate', '--pitch', '--volume', '--contour', '--break', '--phoneme', '--audio-format', '-o', '--output', '--play', '--force', '--dry-run', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--json', '-h', '--help')
        Values = @{
            '--ssml' = @()
            '--voice' = @()
            '--speaker' = @()
            '-l' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--gender' = @('female', 'male', 'neutral')
            '--rate' = @('x-slow', 'slow', 'medium', 'fast', 'x-fast')
            '--pitch' = @('x-low', 'low', 'medium', 'high', 'x-high')
            '--volume' = @('silent', 'soft', 'medium', 'loud', 'x-loud')
            '--contour' = @()
            '--break' = @('weak', 'medium', 'strong', 'x-strong')
            '--phoneme' = @()
            '--audio-format' = @('wav', 'raw', 'flac', 'ogg', 'opus', 'mp3')
            '-o' = @()
            '--output' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--param' = @()
        }
    }
    'voices' = @{
        Commands = @('list', 'download', 'remove', 'verify', 'path')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'voices list' = @{
        Commands = @()
        Flags = @('-l', '--language', '--gender', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '-l' = @('ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--gender' = @('female', 'male', 'neutral')
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'voices download' = @{
        Commands = @()
        Flags = @('--timeout', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--timeout' = @()
            '--profile' = @()
            '--log-file' = @()
            '' = @('ar_JO-kareem-low', 'ar_JO-kareem-medium', 'bg_BG-dimitar-medium', 'bn_BD-google-medium', 'ca_ES-upc_ona-medium', 'ca_ES-upc_ona-x_low', 'ca_ES-upc_pau-x_low', 'cs_CZ-jirka-low', 'cs_CZ-jirka-medium', 'cs_CZ-kasandra-medium', 'cy_GB-bu_tts-medium', 'cy_GB-gwryw_gogleddol-medium', 'da_DK-talesyntese-medium', 'de_DE-eva_k-x_low', 'de_DE-karlsson-low', 'de_DE-kerstin-low', 'de_DE-mls-medium', 'de_DE-pavoque-low', 'de_DE-ramona-low', 'de_DE-thorsten-high', 'de_DE-thorsten-low', 'de_DE-thorsten-medium', 'de_DE-thorsten_emotional-medium', 'el_GR-joy-medium', 'el_GR-rapunzelina-low', 'el_GR-rapunzelina-medium', 'en_GB-alan-low', 'en_GB-alan-medium', 'en_GB-alba-medium', 'en_GB-aru-medium', 'en_GB-cori-high', 'en_GB-cori-medium', 'en_GB-jenny_dioco-medium', 'en_GB-northern_english_male-medium', 'en_GB-semaine-medium', 'en_GB-southern_english_female-low', 'en_GB-vctk-medium', 'en_US-amy-low', 'en_US-amy-medium', 'en_US-arctic-medium', 'en_US-bryce-medium', 'en_US-danny-low', 'en_US-hfc_female-medium', 'en_US-hfc_male-medium', 'en_US-joe-medium', 'en_US-john-medium', 'en_US-kathleen-low', 'en_US-kristin-medium', 'en_US-kusal-medium', 'en_US-l2arctic-medium', 'en_US-lessac-high', 'en_US-lessac-low', 'en_US-lessac-medium', 'en_US-libritts-high', 'en_US-libritts_r-medium', 'en_US-ljspeech-high', 'en_US-ljspeech-medium', 'en_US-mike-medium', 'en_US-norman-medium', 'en_US-reza_ibrahim-medium', 'en_US-ryan-high', 'en_US-ryan-low', 'en_US-ryan-medium', 'en_US-sam-medium', 'es_AR-daniela-high', 'es_ES-carlfm-x_low', 'es_ES-davefx-medium', 'es_ES-mls_10246-low', 'es_ES-mls_9972-low', 'es_ES-sharvard-medium', 'es_MX-ald-medium', 'es_MX-ald-x_low', 'es_MX-claude-high', 'et_EE-news-medium', 'eu_ES-antton-medium', 'eu_ES-maider-medium', 'fa_IR-amir-medium', 'fa_IR-ganji-medium', 'fa_IR-ganji_adabi-medium', 'fa_IR-gyro-medium', 'fa_IR-reza_ibrahim-medium', 'fi_FI-harri-low', 'fi_FI-harri-medium', 'fr_FR-gilles-low', 'fr_FR-mls-medium', 'fr_FR-mls_1840-low', 'fr_FR-siwis-low', 'fr_FR-siwis-medium', 'fr_FR-tom-medium', 'fr_FR-upmc-medium', 'he_IL-saspeech-medium', 'hi_IN-pratham-medium', 'hi_IN-priyamvada-medium', 'hi_IN-rohan-medium', 'hu_HU-anna-medium', 'hu_HU-berta-medium', 'hu_HU-imre-medium', 'hy_AM-gor-medium', 'id_ID-news_tts-medium', 'is_IS-bui-medium', 'is_IS-salka-medium', 'is_IS-steinn-medium', 'is_IS-ugla-medium', 'it_IT-paola-medium', 'it_IT-riccardo-x_low', 'it_IT-serena-high', 'it_IT-serena-medium', 'ja_JA-hi_fi_captain-medium', 'ka_GE-natia-medium', 'kk_KZ-iseke-x_low', 'kk_KZ-issai-high', 'kk_KZ-raya-x_low', 'ko_KR-kss-medium', 'ku_TR-berfin_renas-medium', 'lb_LU-marylux-medium', 'lv_LV-aivars-medium', 'ml_IN-arjun-medium', 'ml_IN-meera-medium', 'mr_IN-google-medium', 'ne_NP-chitwan-medium', 'ne_NP-google-medium', 'ne_NP-google-x_low', 'nl_BE-nathalie-medium', 'nl_BE-nathalie-x_low', 'nl_BE-rdh-medium', 'nl_BE-rdh-x_low', 'nl_NL-alex-medium', 'nl_NL-mls-medium', 'nl_NL-mls_5809-low', 'nl_NL-mls_7432-low', 'nl_NL-pim-medium', 'nl_NL-ronnie-medium', 'no_NO-nvcc-medium', 'no_NO-talesyntese-medium', 'pl_PL-bass-high', 'pl_PL-darkman-medium', 'pl_PL-gosia-medium', 'pl_PL-mc_speech-medium', 'pl_PL-mls_6892-low', 'pt_BR-cadu-medium', 'pt_BR-edresson-low', 'pt_BR-faber-medium', 'pt_BR-jeff-medium', 'pt_PT-tugão-medium', 'ro_RO-mihai-medium', 'ru_RU-denis-medium', 'ru_RU-dmitri-medium', 'ru_RU-irina-medium', 'ru_RU-ruslan-medium', 'sk_SK-lili-medium', 'sl_SI-artur-medium', 'sq_AL-edon-medium', 'sr_RS-serbski_institut-medium', 'sv_SE-alma-medium', 'sv_SE-lisa-medium', 'sv_SE-nst-medium', 'sw_CD-lanfrica-medium', 'te_IN-maya-medium', 'te_IN-padmavathi-medium', 'te_IN-venkatesh-medium', 'th_TH-tsync2-medium', 'tr_TR-dfki-medium', 'uk_UA-lada-x_low', 'uk_UA-mykyta-high', 'uk_UA-oleksa-high', 'uk_UA-tetiana-high', 'uk_UA-ukrainian_tts-medium', 'ur_PK-aegis_female-medium', 'ur_PK-fasih-medium', 'vi_VN-25hours_single-low', 'vi_VN-vais1000-medium', 'vi_VN-vivos-x_low', 'zh_CN-chaowen-medium', 'zh_CN-huayan-medium', 'zh_CN-huayan-x_low', 'zh_CN-xiao_ya-medium')
        }
    }
    'voices remove' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('ar_JO-kareem-low', 'ar_JO-kareem-medium', 'bg_BG-dimitar-medium', 'bn_BD-google-medium', 'ca_ES-upc_ona-medium', 'ca_ES-upc_ona-x_low', 'ca_ES-upc_pau-x_low', 'cs_CZ-jirka-low', 'cs_CZ-jirka-medium', 'cs_CZ-kasandra-medium', 'cy_GB-bu_tts-medium', 'cy_GB-gwryw_gogleddol-medium', 'da_DK-talesyntese-medium', 'de_DE-eva_k-x_low', 'de_DE-karlsson-low', 'de_DE-kerstin-low', 'de_DE-mls-medium', 'de_DE-pavoque-low', 'de_DE-ramona-low', 'de_DE-thorsten-high', 'de_DE-thorsten-low', 'de_DE-thorsten-medium', 'de_DE-thorsten_emotional-medium', 'el_GR-joy-medium', 'el_GR-rapunzelina-low', 'el_GR-rapunzelina-medium', 'en_GB-alan-low', 'en_GB-alan-medium', 'en_GB-alba-medium', 'en_GB-aru-medium', 'en_GB-cori-high', 'en_GB-cori-medium', 'en_GB-jenny_dioco-medium', 'en_GB-northern_english_male-medium', 'en_GB-semaine-medium', 'en_GB-southern_english_female-low', 'en_GB-vctk-medium', 'en_US-amy-low', 'en_US-amy-medium', 'en_US-arctic-medium', 'en_US-bryce-medium', 'en_US-danny-low', 'en_US-hfc_female-medium', 'en_US-hfc_male-medium', 'en_US-joe-medium', 'en_US-john-medium', 'en_US-kathleen-low', 'en_US-kristin-medium', 'en_US-kusal-medium', 'en_US-l2arctic-medium', 'en_US-lessac-high', 'en_US-lessac-low', 'en_US-lessac-medium', 'en_US-libritts-high', 'en_US-libritts_r-medium', 'en_US-ljspeech-high', 'en_US-ljspeech-medium', 'en_US-mike-medium', 'en_US-norman-medium', 'en_US-reza_ibrahim-medium', 'en_US-ryan-high', 'en_US-ryan-low', 'en_US-ryan-medium', 'en_US-sam-medium', 'es_AR-daniela-high', 'es_ES-carlfm-x_low', 'es_ES-davefx-medium', 'es_ES-mls_10246-low', 'es_ES-mls_9972-low', 'es_ES-sharvard-medium', 'es_MX-ald-medium', 'es_MX-ald-x_low', 'es_MX-claude-high', 'et_EE-news-medium', 'eu_ES-antton-medium', 'eu_ES-maider-medium', 'fa_IR-amir-medium', 'fa_IR-ganji-medium', 'fa_IR-ganji_adabi-medium', 'fa_IR-gyro-medium', 'fa_IR-reza_ibrahim-medium', 'fi_FI-harri-low', 'fi_FI-harri-medium', 'fr_FR-gilles-low', 'fr_FR-mls-medium', 'fr_FR-mls_1840-low', 'fr_FR-siwis-low', 'fr_FR-siwis-medium', 'fr_FR-tom-medium', 'fr_FR-upmc-medium', 'he_IL-saspeech-medium', 'hi_IN-pratham-medium', 'hi_IN-priyamvada-medium', 'hi_IN-rohan-medium', 'hu_HU-anna-medium', 'hu_HU-berta-medium', 'hu_HU-imre-medium', 'hy_AM-gor-medium', 'id_ID-news_tts-medium', 'is_IS-bui-medium', 'is_IS-salka-medium', 'is_IS-steinn-medium', 'is_IS-ugla-medium', 'it_IT-paola-medium', 'it_IT-riccardo-x_low', 'it_IT-serena-high', 'it_IT-serena-medium', 'ja_JA-hi_fi_captain-medium', 'ka_GE-natia-medium', 'kk_KZ-iseke-x_low', 'kk_KZ-issai-high', 'kk_KZ-raya-x_low', 'ko_KR-kss-medium', 'ku_TR-berfin_renas-medium', 'lb_LU-marylux-medium', 'lv_LV-aivars-medium', 'ml_IN-arjun-medium', 'ml_IN-meera-medium', 'mr_IN-google-medium', 'ne_NP-chitwan-medium', 'ne_NP-google-medium', 'ne_NP-google-x_low', 'nl_BE-nathalie-medium', 'nl_BE-nathalie-x_low', 'nl_BE-rdh-medium', 'nl_BE-rdh-x_low', 'nl_NL-alex-medium', 'nl_NL-mls-medium', 'nl_NL-mls_5809-low', 'nl_NL-mls_7432-low', 'nl_NL-pim-medium', 'nl_NL-ronnie-medium', 'no_NO-nvcc-medium', 'no_NO-talesyntese-medium', 'pl_PL-bass-high', 'pl_PL-darkman-medium', 'pl_PL-gosia-medium', 'pl_PL-mc_speech-medium', 'pl_PL-mls_6892-low', 'pt_BR-cadu-medium', 'pt_BR-edresson-low', 'pt_BR-faber-medium', 'pt_BR-jeff-medium', 'pt_PT-tugão-medium', 'ro_RO-mihai-medium', 'ru_RU-denis-medium', 'ru_RU-dmitri-medium', 'ru_RU-irina-medium', 'ru_RU-ruslan-medium', 'sk_SK-lili-medium', 'sl_SI-artur-medium', 'sq_AL-edon-medium', 'sr_RS-serbski_institut-medium', 'sv_SE-alma-medium', 'sv_SE-lisa-medium', 'sv_SE-nst-medium', 'sw_CD-lanfrica-medium', 'te_IN-maya-medium', 'te_IN-padmavathi-medium', 'te_IN-venkatesh-medium', 'th_TH-tsync2-medium', 'tr_TR-dfki-medium', 'uk_UA-lada-x_low', 'uk_UA-mykyta-high', 'uk_UA-oleksa-high', 'uk_UA-tetiana-high', 'uk_UA-ukrainian_tts-medium', 'ur_PK-aegis_female-medium', 'ur_PK-fasih-medium', 'vi_VN-25hours_single-low', 'vi_VN-vais1000-medium', 'vi_VN-vivos-x_low', 'zh_CN-chaowen-medium', 'zh_CN-huayan-medium', 'zh_CN-huayan-x_low', 'zh_CN-xiao_ya-medium')
        }
    }
    'voices verify' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('ar_JO-kareem-low', 'ar_JO-kareem-medium', 'bg_BG-dimitar-medium', 'bn_BD-google-medium', 'ca_ES-upc_ona-medium', 'ca_ES-upc_ona-x_low', 'ca_ES-upc_pau-x_low', 'cs_CZ-jirka-low', 'cs_CZ-jirka-medium', 'cs_CZ-kasandra-medium', 'cy_GB-bu_tts-medium', 'cy_GB-gwryw_gogleddol-medium', 'da_DK-talesyntese-medium', 'de_DE-eva_k-x_low', 'de_DE-karlsson-low', 'de_DE-kerstin-low', 'de_DE-mls-medium', 'de_DE-pavoque-low', 'de_DE-ramona-low', 'de_DE-thorsten-high', 'de_DE-thorsten-low', 'de_DE-thorsten-medium', 'de_DE-thorsten_emotional-medium', 'el_GR-joy-medium', 'el_GR-rapunzelina-low', 'el_GR-rapunzelina-medium', 'en_GB-alan-low', 'en_GB-alan-medium', 'en_GB-alba-medium', 'en_GB-aru-medium', 'en_GB-cori-high', 'en_GB-cori-medium', 'en_GB-jenny_dioco-medium', 'en_GB-northern_english_male-medium', 'en_GB-semaine-medium', 'en_GB-southern_english_female-low', 'en_GB-vctk-medium', 'en_US-amy-low', 'en_US-amy-medium', 'en_US-arctic-medium', 'en_US-bryce-medium', 'en_US-danny-low', 'en_US-hfc_female-medium', 'en_US-hfc_male-medium', 'en_US-joe-medium', 'en_US-john-medium', 'en_US-kathleen-low', 'en_US-kristin-medium', 'en_US-kusal-medium', 'en_US-l2arctic-medium', 'en_US-lessac-high', 'en_US-lessac-low', 'en_US-lessac-medium', 'en_US-libritts-high', 'en_US-libritts_r-medium', 'en_US-ljspeech-high', 'en_US-ljspeech-medium', 'en_US-mike-medium', 'en_US-norman-medium', 'en_US-reza_ibrahim-medium', 'en_US-ryan-high', 'en_US-ryan-low', 'en_US-ryan-medium', 'en_US-sam-medium', 'es_AR-daniela-high', 'es_ES-carlfm-x_low', 'es_ES-davefx-medium', 'es_ES-mls_10246-low', 'es_ES-mls_9972-low', 'es_ES-sharvard-medium', 'es_MX-ald-medium', 'es_MX-ald-x_low', 'es_MX-claude-high', 'et_EE-news-medium', 'eu_ES-antton-medium', 'eu_ES-maider-medium', 'fa_IR-amir-medium', 'fa_IR-ganji-medium', 'fa_IR-ganji_adabi-medium', 'fa_IR-gyro-medium', 'fa_IR-reza_ibrahim-medium', 'fi_FI-harri-low', 'fi_FI-harri-medium', 'fr_FR-gilles-low', 'fr_FR-mls-medium', 'fr_FR-mls_1840-low', 'fr_FR-siwis-low', 'fr_FR-siwis-medium', 'fr_FR-tom-medium', 'fr_FR-upmc-medium', 'he_IL-saspeech-medium', 'hi_IN-pratham-medium', 'hi_IN-priyamvada-medium', 'hi_IN-rohan-medium', 'hu_HU-anna-medium', 'hu_HU-berta-medium', 'hu_HU-imre-medium', 'hy_AM-gor-medium', 'id_ID-news_tts-medium', 'is_IS-bui-medium', 'is_IS-salka-medium', 'is_IS-steinn-medium', 'is_IS-ugla-medium', 'it_IT-paola-medium', 'it_IT-riccardo-x_low', 'it_IT-serena-high', 'it_IT-serena-medium', 'ja_JA-hi_fi_captain-medium', 'ka_GE-natia-medium', 'kk_KZ-iseke-x_low', 'kk_KZ-issai-high', 'kk_KZ-raya-x_low', 'ko_KR-kss-medium', 'ku_TR-berfin_renas-medium', 'lb_LU-marylux-medium', 'lv_LV-aivars-medium', 'ml_IN-arjun-medium', 'ml_IN-meera-medium', 'mr_IN-google-medium', 'ne_NP-chitwan-medium', 'ne_NP-google-medium', 'ne_NP-google-x_low', 'nl_BE-nathalie-medium', 'nl_BE-nathalie-x_low', 'nl_BE-rdh-medium', 'nl_BE-rdh-x_low', 'nl_NL-alex-medium', 'nl_NL-mls-medium', 'nl_NL-mls_5809-low', 'nl_NL-mls_7432-low', 'nl_NL-pim-medium', 'nl_NL-ronnie-medium', 'no_NO-nvcc-medium', 'no_NO-talesyntese-medium', 'pl_PL-bass-high', 'pl_PL-darkman-medium', 'pl_PL-gosia-medium', 'pl_PL-mc_speech-medium', 'pl_PL-mls_6892-low', 'pt_BR-cadu-medium', 'pt_BR-edresson-low', 'pt_BR-faber-medium', 'pt_BR-jeff-medium', 'pt_PT-tugão-medium', 'ro_RO-mihai-medium', 'ru_RU-denis-medium', 'ru_RU-dmitri-medium', 'ru_RU-irina-medium', 'ru_RU-ruslan-medium', 'sk_SK-lili-medium', 'sl_SI-artur-medium', 'sq_AL-edon-medium', 'sr_RS-serbski_institut-medium', 'sv_SE-alma-medium', 'sv_SE-lisa-medium', 'sv_SE-nst-medium', 'sw_CD-lanfrica-medium', 'te_IN-maya-medium', 'te_IN-padmavathi-medium', 'te_IN-venkatesh-medium', 'th_TH-tsync2-medium', 'tr_TR-dfki-medium', 'uk_UA-lada-x_low', 'uk_UA-mykyta-high', 'uk_UA-oleksa-high', 'uk_UA-tetiana-high', 'uk_UA-ukrainian_tts-medium', 'ur_PK-aegis_female-medium', 'ur_PK-fasih-medium', 'vi_VN-25hours_single-low', 'vi_VN-vais1000-medium', 'vi_VN-vivos-x_low', 'zh_CN-chaowen-medium', 'zh_CN-huayan-medium', 'zh_CN-huayan-x_low', 'zh_CN-xiao_ya-medium')
        }
    }
    'voices path' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('ar_JO-kareem-low', 'ar_JO-kareem-medium', 'bg_BG-dimitar-medium', 'bn_BD-google-medium', 'ca_ES-upc_ona-medium', 'ca_ES-upc_ona-x_low', 'ca_ES-upc_pau-x_low', 'cs_CZ-jirka-low', 'cs_CZ-jirka-medium', 'cs_CZ-kasandra-medium', 'cy_GB-bu_tts-medium', 'cy_GB-gwryw_gogleddol-medium', 'da_DK-talesyntese-medium', 'de_DE-eva_k-x_low', 'de_DE-karlsson-low', 'de_DE-kerstin-low', 'de_DE-mls-medium', 'de_DE-pavoque-low', 'de_DE-ramona-low', 'de_DE-thorsten-high', 'de_DE-thorsten-low', 'de_DE-thorsten-medium', 'de_DE-thorsten_emotional-medium', 'el_GR-joy-medium', 'el_GR-rapunzelina-low', 'el_GR-rapunzelina-medium', 'en_GB-alan-low', 'en_GB-alan-medium', 'en_GB-alba-medium', 'en_GB-aru-medium', 'en_GB-cori-high', 'en_GB-cori-medium', 'en_GB-jenny_dioco-medium', 'en_GB-northern_english_male-medium', 'en_GB-semaine-medium', 'en_GB-southern_english_female-low', 'en_GB-vctk-medium', 'en_US-amy-low', 'en_US-amy-medium', 'en_US-arctic-medium', 'en_US-bryce-medium', 'en_US-danny-low', 'en_US-hfc_female-medium', 'en_US-hfc_male-medium', 'en_US-joe-medium', 'en_US-john-medium', 'en_US-kathleen-low', 'en_US-kristin-medium', 'en_US-kusal-medium', 'en_US-l2arctic-medium', 'en_US-lessac-high', 'en_US-lessac-low', 'en_US-lessac-medium', 'en_US-libritts-high', 'en_US-libritts_r-medium', 'en_US-ljspeech-high', 'en_US-ljspeech-medium', 'en_US-mike-medium', 'en_US-norman-medium', 'en_US-reza_ibrahim-medium', 'en_US-ryan-high', 'en_US-ryan-low', 'en_US-ryan-medium', 'en_US-sam-medium', 'es_AR-daniela-high', 'es_ES-carlfm-x_low', 'es_ES-davefx-medium', 'es_ES-mls_10246-low', 'es_ES-mls_9972-low', 'es_ES-sharvard-medium', 'es_MX-ald-medium', 'es_MX-ald-x_low', 'es_MX-claude-high', 'et_EE-news-medium', 'eu_ES-antton-medium', 'eu_ES-maider-medium', 'fa_IR-amir-medium', 'fa_IR-ganji-medium', 'fa_IR-ganji_adabi-medium', 'fa_IR-gyro-medium', 'fa_IR-reza_ibrahim-medium', 'fi_FI-harri-low', 'fi_FI-harri-medium', 'fr_FR-gilles-low', 'fr_FR-mls-medium', 'fr_FR-mls_1840-low', 'fr_FR-siwis-low', 'fr_FR-siwis-medium', 'fr_FR-tom-medium', 'fr_FR-upmc-medium', 'he_IL-saspeech-medium', 'hi_IN-pratham-medium', 'hi_IN-priyamvada-medium', 'hi_IN-rohan-medium', 'hu_HU-anna-medium', 'hu_HU-berta-medium', 'hu_HU-imre-medium', 'hy_AM-gor-medium', 'id_ID-news_tts-medium', 'is_IS-bui-medium', 'is_IS-salka-medium', 'is_IS-steinn-medium', 'is_IS-ugla-medium', 'it_IT-paola-medium', 'it_IT-riccardo-x_low', 'it_IT-serena-high', 'it_IT-serena-medium', 'ja_JA-hi_fi_captain-medium', 'ka_GE-natia-medium', 'kk_KZ-iseke-x_low', 'kk_KZ-issai-high', 'kk_KZ-raya-x_low', 'ko_KR-kss-medium', 'ku_TR-berfin_renas-medium', 'lb_LU-marylux-medium', 'lv_LV-aivars-medium', 'ml_IN-arjun-medium', 'ml_IN-meera-medium', 'mr_IN-google-medium', 'ne_NP-chitwan-medium', 'ne_NP-google-medium', 'ne_NP-google-x_low', 'nl_BE-nathalie-medium', 'nl_BE-nathalie-x_low', 'nl_BE-rdh-medium', 'nl_BE-rdh-x_low', 'nl_NL-alex-medium', 'nl_NL-mls-medium', 'nl_NL-mls_5809-low', 'nl_NL-mls_7432-low', 'nl_NL-pim-medium', 'nl_NL-ronnie-medium', 'no_NO-nvcc-medium', 'no_NO-talesyntese-medium', 'pl_PL-bass-high', 'pl_PL-darkman-medium', 'pl_PL-gosia-medium', 'pl_PL-mc_speech-medium', 'pl_PL-mls_6892-low', 'pt_BR-cadu-medium', 'pt_BR-edresson-low', 'pt_BR-faber-medium', 'pt_BR-jeff-medium', 'pt_PT-tugão-medium', 'ro_RO-mihai-medium', 'ru_RU-denis-medium', 'ru_RU-dmitri-medium', 'ru_RU-irina-medium', 'ru_RU-ruslan-medium', 'sk_SK-lili-medium', 'sl_SI-artur-medium', 'sq_AL-edon-medium', 'sr_RS-serbski_institut-medium', 'sv_SE-alma-medium', 'sv_SE-lisa-medium', 'sv_SE-nst-medium', 'sw_CD-lanfrica-medium', 'te_IN-maya-medium', 'te_IN-padmavathi-medium', 'te_IN-venkatesh-medium', 'th_TH-tsync2-medium', 'tr_TR-dfki-medium', 'uk_UA-lada-x_low', 'uk_UA-mykyta-high', 'uk_UA-oleksa-high', 'uk_UA-tetiana-high', 'uk_UA-ukrainian_tts-medium', 'ur_PK-aegis_female-medium', 'ur_PK-fasih-medium', 'vi_VN-25hours_single-low', 'vi_VN-vais1000-medium', 'vi_VN-vivos-x_low', 'zh_CN-chaowen-medium', 'zh_CN-huayan-medium', 'zh_CN-huayan-x_low', 'zh_CN-xiao_ya-medium')
        }
    }
    'batch' = @{
        Commands = @('submit', 'resume', 'list', 'results', 'files', 'delete', 'update')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'batch submit' = @{
        Commands = @()
        Flags = @('--from-stdin', '--manifest', '--name', '-l', '--language', '--model', '--detailed', '--words', '--speakers', '--max-speakers', '--channels', '--profanity', '--phrase', '--translate-to', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--webhook-url', '--wait', '--dry-run', '--dask', '-j', '--jobs', '-f', '--format', '--json', '-o', '--output', '--raw', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--interpolate', '--caption-language', '-h', '--help')
        Values = @{
            '--manifest' = @()
            '--name' = @()
            '-l' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('auto', 'ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--model' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3', 'pocketsphinx')
            '--max-speakers' = @()
            '--profanity' = @('masked', 'removed', 'raw')
            '--phrase' = @()
            '--translate-to' = @('ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--param' = @()
            '--webhook-url' = @()
            '--dask' = @('local')
            '-j' = @()
            '--jobs' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--caption-language' = @('original', 'ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
        }
    }
    'batch resume' = @{
        Commands = @()
        Flags = @('--again', '--forget', '--dry-run', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--dask', '-j', '--jobs', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--dask' = @('local')
            '-j' = @()
            '--jobs' = @()
        }
    }
    'batch list' = @{
        Commands = @()
        Flags = @('--all', '--limit', '--state', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '--limit' = @()
            '--state' = @('queued', 'running', 'succeeded', 'failed', 'unknown')
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'batch results' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-f', '--format', '--json', '-o', '--output', '--force', '--raw', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--interpolate', '--caption-language', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--caption-language' = @('original', 'ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
        }
    }
    'batch files' = @{
        Commands = @()
        Flags = @('--unused', '--delete', '--yes', '--all', '--limit', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '--limit' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'batch delete' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'batch update' = @{
        Commands = @()
        Flags = @('--name', '--param', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '--name' = @()
            '--param' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'status' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'poll' = @{
        Commands = @()
        Flags = @('--all', '--no-results', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--interval', '-j', '--jobs', '--webhook', '-f', '--format', '--json', '-o', '--output', '--force', '--skip-existing', '--raw', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--interpolate', '--caption-language', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--interval' = @('auto')
            '-j' = @()
            '--jobs' = @()
            '--webhook' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--caption-language' = @('original', 'ar', 'ca', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'it', 'ja', 'ko', 'nb', 'nl', 'pl', 'pt', 'ru', 'sv', 'zh')
        }
    }
    'usage' = @{
        Commands = @()
        Flags = @('--since', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '--since' = @('today', 'yesterday', '7d', '30d')
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'session-id' = @{
        Commands = @()
        Flags = @('--new', '-F', '--follow', '--kind', '--candidates', '--last', '--json', '-q', '--quiet', '-h', '--help')
        Values = @{
            '--kind' = @('session', 'transcription', 'job', 'dashed_session', 'connection', 'request', 'result', 'service_tag', 'dataset', 'model', 'endpoint', 'project', 'evaluation', 'webhook', 'invocation', 'transaction', 'file', 'client_reference', 'document', 'operation', 'conversation', 'call', 'stream', 'recording', 'trace', 'correlation', 'ray', 'run', 'all')
        }
    }
    'webhooks' = @{
        Commands = @('create', 'list', 'ping', 'test', 'delete')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'webhooks create' = @{
        Commands = @()
        Flags = @('--event', '--name', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '--event' = @('transcriptionCreation', 'transcriptionProcessing', 'transcriptionCompletion', 'transcriptionDeletion')
            '--name' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'webhooks list' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'webhooks ping' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'webhooks test' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'webhooks delete' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'history' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--since', '--limit', '--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--since' = @('today', 'yesterday')
            '--limit' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'support' = @{
        Commands = @()
        Flags = @('--log', '--bundle', '--force', '--profile', '--json', '-h', '--help')
        Values = @{
            '--log' = @()
            '--bundle' = @()
            '--profile' = @()
        }
    }
    'doctor' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'providers' = @{
        Commands = @()
        Flags = @('--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'devices' = @{
        Commands = @()
        Flags = @('--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'models' = @{
        Commands = @('list', 'download', 'remove', 'verify', 'path')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'models list' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-l', '--language', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '-l' = @('ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '--language' = @('ar-EG', 'ca-ES', 'da-DK', 'de-DE', 'en-AU', 'en-CA', 'en-GB', 'en-IN', 'en-NZ', 'en-US', 'es-ES', 'es-MX', 'fi-FI', 'fr-CA', 'fr-FR', 'hi-IN', 'it-IT', 'ja-JP', 'ko-KR', 'nb-NO', 'nl-NL', 'pl-PL', 'pt-BR', 'pt-PT', 'ru-RU', 'sv-SE', 'zh-CN', 'zh-HK', 'zh-TW')
            '' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3', 'pocketsphinx')
        }
    }
    'models download' = @{
        Commands = @()
        Flags = @('--timeout', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--timeout' = @()
            '--profile' = @()
            '--log-file' = @()
            '' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3')
        }
    }
    'models remove' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3')
        }
    }
    'models verify' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3')
        }
    }
    'models path' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('tiny.en', 'tiny', 'base.en', 'base', 'distil-small.en', 'small.en', 'small', 'medium.en', 'medium', 'distil-large-v3.5', 'large-v3-turbo', 'large-v3')
        }
    }
    'languages' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--mode', '--json', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
            '--mode' = @('interactive', 'conversation', 'dictation')
        }
    }
    'init' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'config' = @{
        Commands = @('get', 'set', 'unset', 'list', 'path')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'config get' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('provider', 'language', 'mode', 'format', 'device', 'ledger', 'azure.key', 'azure.region', 'azure.token', 'azure.auth', 'azure.api_version', 'azure.webhook_secret', 'azure.endpoint', 'bing.key', 'bing.token', 'bing.endpoint', 'watson.apikey', 'watson.username', 'watson.password', 'watson.bearer_token', 'watson.url', 'watson.iam_url', 'watson.tts_apikey', 'watson.tts_username', 'watson.tts_password', 'watson.tts_bearer_token', 'watson.tts_url', 'watson.webhook_secret', 'watson.endpoint', 'soniox.key', 'soniox.region', 'soniox.webhook_header', 'soniox.webhook_secret', 'soniox.endpoint', 'scriptix.token', 'scriptix.realtime_token', 'scriptix.auth', 'scriptix.webhook_secret', 'scriptix.endpoint')
        }
    }
    'config set' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('provider', 'language', 'mode', 'format', 'device', 'ledger', 'azure.key', 'azure.region', 'azure.token', 'azure.auth', 'azure.api_version', 'azure.webhook_secret', 'azure.endpoint', 'bing.key', 'bing.token', 'bing.endpoint', 'watson.apikey', 'watson.username', 'watson.password', 'watson.bearer_token', 'watson.url', 'watson.iam_url', 'watson.tts_apikey', 'watson.tts_username', 'watson.tts_password', 'watson.tts_bearer_token', 'watson.tts_url', 'watson.webhook_secret', 'watson.endpoint', 'soniox.key', 'soniox.region', 'soniox.webhook_header', 'soniox.webhook_secret', 'soniox.endpoint', 'scriptix.token', 'scriptix.realtime_token', 'scriptix.auth', 'scriptix.webhook_secret', 'scriptix.endpoint')
        }
    }
    'config unset' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('provider', 'language', 'mode', 'format', 'device', 'ledger', 'azure.key', 'azure.region', 'azure.token', 'azure.auth', 'azure.api_version', 'azure.webhook_secret', 'azure.endpoint', 'bing.key', 'bing.token', 'bing.endpoint', 'watson.apikey', 'watson.username', 'watson.password', 'watson.bearer_token', 'watson.url', 'watson.iam_url', 'watson.tts_apikey', 'watson.tts_username', 'watson.tts_password', 'watson.tts_bearer_token', 'watson.tts_url', 'watson.webhook_secret', 'watson.endpoint', 'soniox.key', 'soniox.region', 'soniox.webhook_header', 'soniox.webhook_secret', 'soniox.endpoint', 'scriptix.token', 'scriptix.realtime_token', 'scriptix.auth', 'scriptix.webhook_secret', 'scriptix.endpoint')
        }
    }
    'config list' = @{
        Commands = @()
        Flags = @('--all', '--profile', '--json', '-h', '--help')
        Values = @{
            '--profile' = @()
        }
    }
    'config path' = @{
        Commands = @()
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'auth' = @{
        Commands = @('set', 'status', 'remove')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'auth set' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '' = @('key', 'token', 'webhook_secret', 'apikey', 'password', 'bearer_token', 'tts_apikey', 'tts_password', 'tts_bearer_token', 'realtime_token')
        }
    }
    'auth status' = @{
        Commands = @()
        Flags = @('--json', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
        }
    }
    'auth remove' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '' = @('key', 'token', 'webhook_secret', 'apikey', 'password', 'bearer_token', 'tts_apikey', 'tts_password', 'tts_bearer_token', 'realtime_token')
        }
    }
    'emulate' = @{
        Commands = @()
        Flags = @('--host', '--port', '--transcript', '--transcripts', '--intents', '--delay', '--fault', '--strict', '--key', '-h', '--help')
        Values = @{
            '--host' = @()
            '--port' = @()
            '--transcript' = @()
            '--transcripts' = @()
            '--intents' = @()
            '--delay' = @()
            '--fault' = @('drop-after', 'status', 'rate-limit', 'close', 'slow', 'silent', 'garbage', 'truncated', 'no-turn-start', 'no-turn-end', 'no-end-detected', 'no-hypotheses', 'expire-token', 'redirect', 'expire-session', 'cut-observe', 'fail-job', 'new-state', 'lose-answer', 'chaos', 'older-models', 'storage-full', 'idle-timeout')
            '--key' = @()
            '' = @('azure', 'bing', 'watson', 'soniox', 'scriptix', 'intent')
        }
    }
    'schema' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('check', 'comparison', 'credential', 'device', 'event', 'file', 'id', 'job', 'language', 'model', 'operation', 'provider', 'request', 'score', 'setting', 'speech', 'transcript', 'usage', 'voice')
        }
    }
    'completion' = @{
        Commands = @()
        Flags = @('-h', '--help')
        Values = @{
            '' = @('bash', 'zsh', 'fish', 'powershell')
        }
    }
}

Register-ArgumentCompleter -Native -CommandName stt -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $command = ''
    $expects = ''
    $known = $script:SttCommands['']
    $words = $commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 | ForEach-Object { $_.ToString() }
    foreach ($word in $words) {
        if ($expects) { $expects = ''; continue }
        if ($word.StartsWith('-')) {
            if ($known.Values.ContainsKey($word)) { $expects = $word }
            continue
        }
        $below = ("$command $word").Trim()
        if ($script:SttCommands.ContainsKey($below)) {
            $command = $below
            $known = $script:SttCommands[$command]
        }
    }
    if ($expects) { $found = $known.Values[$expects] }
    elseif ($wordToComplete.StartsWith('-')) { $found = $known.Flags }
    elseif ($known.Commands) { $found = $known.Commands }
    else { $found = $known.Values[''] }
    $found | Where-Object { $_ -and $_.StartsWith($wordToComplete) } |
        ForEach-Object {
            [System.Management.Automation.CompletionResult]::new(
                $_, $_, 'ParameterValue', $_)
        }
}
