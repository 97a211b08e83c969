# Completion of stt for PowerShell. Made by `python docs/generate.py`; do not edit.
# Use: add `. path\to\stt.ps1` to the file that $PROFILE names.

$script:SttCommands = @{
    '' = @{
        Commands = @('recognize', 'convert', 'score', 'compare', 'tts', 'voices', 'batch', 'status', 'poll', 'session-id', 'webhooks', 'history', 'support', 'doctor', 'providers', 'devices', 'models', 'languages', 'init', 'config', 'auth', 'emulate', 'schema', 'completion')
        Flags = @('-V', '--version', '--color', '-h', '--help')
        Values = @{
            '--color' = @('auto', 'always', 'never')
        }
    }
    'recognize' = @{
        Commands = @()
        Flags = @('--from-stdin', '--manifest', '--mic', '--device', '--max-seconds', '--stop-after-silence', '--wake', '--raw-rate', '-l', '--language', '--model', '--detailed', '--words', '--speakers', '--max-speakers', '--channels', '--profanity', '--phrase', '--translate-to', '--mode', '--interim', '--no-interim', '--text-form', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--transport', '--session-id', '--pace', '--no-replay', '--turns', '-j', '--jobs', '--together', '--fallback', '--dask', '-f', '--format', '--json', '-o', '--output', '--force', '--allow-empty', '--name-by', '--skip-existing', '--raw', '--dry-run', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-h', '--help')
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
            '--text-form' = @('display', 'lexical', 'itn', 'masked-itn')
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
        }
    }
    'convert' = @{
        Commands = @()
        Flags = @('--text-form', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--text-form' = @('display', 'lexical', 'itn', 'masked-itn')
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md', 'all')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
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
        Flags = @('--ssml', '--voice', '-l', '--language', '--gender', '--rate', '--pitch', '--volume', '--contour', '--break', '--phoneme', '--audio-format', '-o', '--output', '--play', '--force', '--dry-run', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--json', '-h', '--help')
        Values = @{
            '--ssml' = @()
            '--voice' = @()
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
    'batch' = @{
        Commands = @('submit', 'resume', 'list', 'results', 'delete', 'update')
        Flags = @('-h', '--help')
        Values = @{
        }
    }
    'batch submit' = @{
        Commands = @()
        Flags = @('--from-stdin', '--manifest', '--name', '-l', '--language', '--model', '--detailed', '--words', '--speakers', '--max-speakers', '--channels', '--profanity', '--phrase', '--translate-to', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--param', '--webhook-url', '--wait', '--dry-run', '--dask', '-j', '--jobs', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-h', '--help')
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
            '--state' = @('queued', 'running', 'succeeded', 'failed')
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
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-h', '--help')
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
        Flags = @('--all', '--no-results', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-q', '--quiet', '-v', '--verbose', '--log-file', '--interval', '-j', '--jobs', '--webhook', '-f', '--format', '--json', '-o', '--output', '--force', '--skip-existing', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-h', '--help')
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
        Flags = @('--host', '--port', '--transcript', '--transcripts', '--delay', '--fault', '--strict', '--key', '-h', '--help')
        Values = @{
            '--host' = @()
            '--port' = @()
            '--transcript' = @()
            '--transcripts' = @()
            '--delay' = @()
            '--fault' = @('drop-after', 'status', 'rate-limit', 'close', 'slow', 'silent', 'garbage', 'truncated', 'no-turn-start', 'no-turn-end', 'no-end-detected', 'no-hypotheses', 'expire-token', 'redirect', 'expire-session', 'cut-observe', 'fail-job', 'lose-answer', 'chaos', 'storage-full', 'idle-timeout')
            '--key' = @()
            '' = @('azure', 'bing', 'watson', 'soniox', 'scriptix')
        }
    }
    'schema' = @{
        Commands = @()
        Flags = @('--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--profile' = @()
            '--log-file' = @()
            '' = @('check', 'comparison', 'credential', 'device', 'event', 'id', 'job', 'language', 'model', 'operation', 'provider', 'request', 'score', 'setting', 'speech', 'transcript', 'voice')
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
