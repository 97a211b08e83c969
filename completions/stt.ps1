# Completion of stt for PowerShell. Made by `python docs/generate.py`; do not edit.
# Use: add `. path\to\stt.ps1` to the file that $PROFILE names.

$script:SttCommands = @{
    '' = @{
        Commands = @('recognize', 'tts', 'voices', 'batch', 'status', 'poll', 'session-id', 'webhooks', 'history', 'support', 'doctor', 'providers', 'devices', 'models', 'languages', 'config', 'auth', 'emulate', 'completion')
        Flags = @('-V', '--version', '-h', '--help')
        Values = @{
        }
    }
    'recognize' = @{
        Commands = @()
        Flags = @('--mic', '--device', '--max-seconds', '--stop-after-silence', '--wake', '--raw-rate', '-l', '--language', '--mode', '--model', '--detailed', '--words', '--speakers', '--profanity', '--interim', '--no-interim', '--text-form', '--phrase', '-p', '--provider', '--transport', '--endpoint', '--insecure', '--profile', '--session-id', '--param', '--pace', '--no-replay', '--turns', '-j', '--jobs', '--together', '--fallback', '--dask', '--timeout', '-f', '--format', '--json', '-o', '--output', '--force', '--allow-empty', '--raw', '--dry-run', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--device' = @()
            '--max-seconds' = @()
            '--stop-after-silence' = @()
            '--wake' = @()
            '--raw-rate' = @()
            '-l' = @()
            '--language' = @()
            '--mode' = @('interactive', 'conversation', 'dictation')
            '--model' = @()
            '--profanity' = @('masked', 'removed', 'raw')
            '--text-form' = @('display', 'lexical', 'itn', 'masked-itn')
            '--phrase' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--transport' = @('auto', 'rest', 'websocket', 'session')
            '--endpoint' = @()
            '--profile' = @()
            '--session-id' = @()
            '--param' = @()
            '--pace' = @('auto', 'realtime', 'fast')
            '--turns' = @()
            '-j' = @()
            '--jobs' = @()
            '--fallback' = @('local')
            '--dask' = @()
            '--timeout' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--log-file' = @()
        }
    }
    'tts' = @{
        Commands = @()
        Flags = @('--ssml', '--voice', '-l', '--language', '--gender', '--rate', '--pitch', '--volume', '--contour', '--break', '--phoneme', '--audio-format', '-o', '--output', '--play', '--force', '--dry-run', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--param', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--ssml' = @()
            '--voice' = @()
            '-l' = @()
            '--language' = @()
            '--gender' = @('female', 'male', 'neutral')
            '--rate' = @()
            '--pitch' = @()
            '--volume' = @()
            '--contour' = @()
            '--break' = @()
            '--phoneme' = @()
            '--audio-format' = @()
            '-o' = @()
            '--output' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--param' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'voices' = @{
        Commands = @()
        Flags = @('-l', '--language', '--gender', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-l' = @()
            '--language' = @()
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
        Flags = @('--from-stdin', '--manifest', '-j', '--jobs', '--name', '-l', '--language', '--model', '--detailed', '--words', '--speakers', '--profanity', '--phrase', '--param', '--webhook-url', '--wait', '--dry-run', '--dask', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-f', '--format', '--json', '-o', '--output', '--force', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--manifest' = @()
            '-j' = @()
            '--jobs' = @()
            '--name' = @()
            '-l' = @()
            '--language' = @()
            '--model' = @()
            '--profanity' = @('masked', 'removed', 'raw')
            '--phrase' = @()
            '--param' = @()
            '--webhook-url' = @()
            '--dask' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '-o' = @()
            '--output' = @()
            '--log-file' = @()
        }
    }
    'batch resume' = @{
        Commands = @()
        Flags = @('-j', '--jobs', '--again', '--forget', '--dry-run', '-p', '--provider', '--dask', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-j' = @()
            '--jobs' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--dask' = @()
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '--log-file' = @()
        }
    }
    'batch list' = @{
        Commands = @()
        Flags = @('--all', '--limit', '--state', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--limit' = @()
            '--state' = @()
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
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
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
        Flags = @('--name', '--param', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
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
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
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
        Flags = @('--all', '--interval', '-j', '--jobs', '--webhook', '--no-results', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--timeout', '-f', '--format', '--json', '-o', '--output', '--force', '--max-line-length', '--max-lines', '--max-cue-seconds', '--min-cue-seconds', '--cue-gap', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--interval' = @()
            '-j' = @()
            '--jobs' = @()
            '--webhook' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
            '-f' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '--format' = @('text', 'json', 'jsonl', 'srt', 'vtt', 'tsv', 'csv', 'md')
            '-o' = @()
            '--output' = @()
            '--max-line-length' = @()
            '--max-lines' = @()
            '--max-cue-seconds' = @()
            '--min-cue-seconds' = @()
            '--cue-gap' = @()
            '--log-file' = @()
        }
    }
    'session-id' = @{
        Commands = @()
        Flags = @('--new', '-F', '--follow', '--kind', '--last', '--json', '-q', '--quiet', '-h', '--help')
        Values = @{
            '--kind' = @()
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
        Flags = @('--event', '--name', '-p', '--provider', '--endpoint', '--insecure', '--profile', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '--event' = @()
            '--name' = @()
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'webhooks list' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'webhooks ping' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'webhooks test' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'webhooks delete' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'history' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--since', '--limit', '--profile', '--json', '-q', '--quiet', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--since' = @()
            '--limit' = @()
            '--profile' = @()
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
        Flags = @('-p', '--provider', '--endpoint', '--insecure', '--profile', '--json', '-q', '--quiet', '-v', '--verbose', '--log-file', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--endpoint' = @()
            '--profile' = @()
            '--log-file' = @()
        }
    }
    'providers' = @{
        Commands = @()
        Flags = @('--profile', '--json', '-q', '--quiet', '-h', '--help')
        Values = @{
            '--profile' = @()
        }
    }
    'devices' = @{
        Commands = @()
        Flags = @('--json', '-q', '--quiet', '-h', '--help')
        Values = @{
        }
    }
    'models' = @{
        Commands = @()
        Flags = @('-p', '--provider', '-l', '--language', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '-l' = @()
            '--language' = @()
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
        }
    }
    'languages' = @{
        Commands = @()
        Flags = @('-p', '--provider', '--mode', '--endpoint', '--insecure', '--profile', '--timeout', '--json', '-q', '--quiet', '-v', '--verbose', '-h', '--help')
        Values = @{
            '-p' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--provider' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
            '--mode' = @('interactive', 'conversation', 'dictation')
            '--endpoint' = @()
            '--profile' = @()
            '--timeout' = @()
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
        }
    }
    'config set' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
        }
    }
    'config unset' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
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
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
        }
    }
    'auth status' = @{
        Commands = @()
        Flags = @('--profile', '--json', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
        }
    }
    'auth remove' = @{
        Commands = @()
        Flags = @('--profile', '-h', '--help')
        Values = @{
            '--profile' = @()
            '' = @('local', 'azure', 'bing', 'watson', 'soniox', 'scriptix')
        }
    }
    'emulate' = @{
        Commands = @()
        Flags = @('--host', '--port', '--transcript', '--transcripts', '--delay', '--fault', '--key', '-h', '--help')
        Values = @{
            '--host' = @()
            '--port' = @()
            '--transcript' = @()
            '--transcripts' = @()
            '--delay' = @()
            '--fault' = @()
            '--key' = @()
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
